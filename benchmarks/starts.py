"""From StartJobRun to the first line of a script on a warm driver, against a cold spark-submit of the same script."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure
from tests.e2e.stack import Stack, free_port, wait_until

_SCRIPT = """
import time
print("first line", time.time(), flush=True)
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
print(spark.range(10).count(), time.time(), flush=True)
"""
_BUCKET = "bench"


def measure() -> Iterator[Figure]:
    """Start the script three times each way.

    A cold start is over when its session has answered once, for that is what a warm driver has behind it.
    """
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.py"
        script.write_text(_SCRIPT)
        cold = statistics.median(_cold(script) for _ in range(3))
        warm = statistics.median(_warm(script, Path(folder) / "stack"))
    ratio = cold / warm
    detail = f"StartJobRun to first line {warm:.3f} s; spark-submit to the session's first answer {cold:.2f} s"
    yield Figure("warm start vs. cold spark-submit", f"{ratio:.0f}×", "≥ 20×", ratio >= 20, detail)


def _cold(script: Path) -> float:
    submit = Path(sys.executable).parent / "spark-submit"
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable}
    began = time.time()
    done = subprocess.run([str(submit), str(script)], env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1]) - began


def _warm(script: Path, data_dir: Path) -> list[float]:
    stack = Stack(free_port(), data_dir)
    stack.up()
    try:
        stack.client("s3").create_bucket(Bucket=_BUCKET)
        stack.client("s3").upload_file(str(script), _BUCKET, "script.py")
        stack.client("glue").create_job(
            Name="start",
            Role="arn:aws:iam::000000000000:role/bench",
            Command={"Name": "glueetl", "ScriptLocation": f"s3://{_BUCKET}/script.py"},
        )
        return [_one_warm(stack) for _ in range(3)]
    finally:
        stack.down()


def _one_warm(stack: Stack) -> float:
    wait_until(lambda: list((stack.data_dir / "runs").glob("*/ready")), 120, "a warm driver")
    glue, logs = stack.client("glue"), stack.client("logs")
    began = time.time()
    run_id = glue.start_job_run(JobName="start")["JobRunId"]
    run = wait_until(lambda: _ended(glue.get_job_run(JobName="start", RunId=run_id)["JobRun"]), 120, "the run")
    stream = {"logGroupName": f"{run['LogGroupName']}/output", "logStreamName": run_id}
    return _first_line([event["message"] for event in logs.get_log_events(**stream)["events"]]) - began


def _ended(run: dict[str, str]) -> dict[str, str] | None:
    return run if run["JobRunState"] in ("SUCCEEDED", "FAILED") else None


def _first_line(lines: list[str]) -> float:
    return next(float(line.split()[2]) for line in lines if line.startswith("first line"))
