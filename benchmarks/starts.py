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
from tests.e2e.embedded import EmbeddedStack
from tests.e2e.stack import free_port, wait_until

_SCRIPT = """
import time
print("first line", time.time(), flush=True)
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
print(spark.range(10).count(), time.time(), flush=True)
"""
_BUCKET = "bench"


def measure() -> Iterator[Figure]:
    """Start the script three times each way, and compare two ways.

    From start to first line is what the budget is about; to the session's first answer is what a person waits for, for
    a warm driver has its session behind it and a cold one before it.
    """
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.py"
        script.write_text(_SCRIPT)
        cold = _medians([_cold(script) for _ in range(3)])
        warm = _medians(_warm(script, Path(folder) / "stack"))
    for what, budget, slow, fast in zip(("first line", "first answer of Spark"), (20, 5), cold, warm, strict=True):
        ratio = slow / fast
        detail = f"StartJobRun {fast:.3f} s; spark-submit {slow:.2f} s"
        yield Figure(f"warm vs. cold start, to the {what}", f"{ratio:.0f}×", f"≥ {budget}×", ratio >= budget, detail)


def _medians(starts: list[tuple[float, float]]) -> tuple[float, float]:
    lines, answers = zip(*starts, strict=True)
    return statistics.median(lines), statistics.median(answers)


def _cold(script: Path) -> tuple[float, float]:
    submit = Path(sys.executable).parent / "spark-submit"
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable}
    began = time.time()
    done = subprocess.run([str(submit), str(script)], env=environment, capture_output=True, text=True, check=True)
    return _times(done.stdout.splitlines(), began)


def _warm(script: Path, data_dir: Path) -> list[tuple[float, float]]:
    stack = EmbeddedStack(free_port(), data_dir)
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


def _one_warm(stack: EmbeddedStack) -> tuple[float, float]:
    # Both, so that none is being warmed up beside the run.
    wait_until(lambda: len(list((stack.data_dir / "runs").glob("*/ready"))) == 2, 120, "warm drivers")
    glue, logs = stack.client("glue"), stack.client("logs")
    began = time.time()
    run_id = glue.start_job_run(JobName="start")["JobRunId"]
    run = wait_until(lambda: _ended(glue.get_job_run(JobName="start", RunId=run_id)["JobRun"]), 120, "the run")
    stream = {"logGroupName": f"{run['LogGroupName']}/output", "logStreamName": run_id}
    return _times([event["message"] for event in logs.get_log_events(**stream)["events"]], began)


def _ended(run: dict[str, str]) -> dict[str, str] | None:
    return run if run["JobRunState"] in ("SUCCEEDED", "FAILED") else None


def _times(lines: list[str], began: float) -> tuple[float, float]:
    line, answer = (
        next(float(line.split()[-1]) for line in lines if line.startswith(begin)) for begin in ("first line", "10 ")
    )
    return line - began, answer - began
