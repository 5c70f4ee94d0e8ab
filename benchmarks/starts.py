"""From StartJobRun to a script's first line on a warm driver, compared with a cold spark-submit."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figures import Figure
from tests.e2e.embedded import EmbeddedStack
from tests.e2e.stack import free_port, wait_until

SCRIPT = """
import time
print("first line", time.time(), flush=True)
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
print(spark.range(10).count(), time.time(), flush=True)
"""
_BUCKET = "bench"


def measure() -> Iterator[Figure]:
    """Start the script three times in each way and compare two durations.

    The budget is for the time to the first line. The time to Spark's first result is what a user waits for: a warm driver
    already has its session, a cold one still has to create it.
    """
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.py"
        script.write_text(SCRIPT)
        cold = _medians([cold_start(script) for _ in range(3)])
        warm = _medians(_warm(script, Path(folder) / "stack"))
    for what, budget, slow, fast in zip(("first line", "first result of Spark"), (20, 5), cold, warm, strict=True):
        ratio = slow / fast
        detail = f"StartJobRun {fast:.3f} s; spark-submit {slow:.2f} s"
        yield Figure(f"warm vs. cold start, to the {what}", f"{ratio:.0f}×", f"≥ {budget}×", ratio >= budget, detail)


def _medians(starts: list[tuple[float, float]]) -> tuple[float, float]:
    lines, answers = zip(*starts, strict=True)
    return statistics.median(lines), statistics.median(answers)


def cold_start(script: Path) -> tuple[float, float]:
    """Return the seconds of a cold spark-submit to the script's first line, and to Spark's first result."""
    submit = Path(sys.executable).parent / "spark-submit"
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable}
    began = time.time()
    done = subprocess.run([str(submit), str(script)], env=environment, capture_output=True, text=True, check=True)
    return times(done.stdout.splitlines(), began)


def _warm(script: Path, data_dir: Path) -> list[tuple[float, float]]:
    with stack_with_job(script, data_dir) as stack:
        return [_one_warm(stack) for _ in range(3)]


@contextmanager
def stack_with_job(script: Path, data_dir: Path) -> Iterator[EmbeddedStack]:
    """Run a server with one job of a script, until the end of the block."""
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
        yield stack
    finally:
        stack.down()


def _one_warm(stack: EmbeddedStack) -> tuple[float, float]:
    # Wait for both, so that no driver warms up during the run.
    wait_until(lambda: len(list((stack.data_dir / "runs").glob("*/ready"))) == 2, 120, "warm drivers")
    return times(*one_run(stack))


def one_run(stack: EmbeddedStack, arguments: Mapping[str, str] | None = None) -> tuple[list[str], float]:
    """Run the job; return the lines that it printed, and when it was started."""
    glue, logs = stack.client("glue"), stack.client("logs")
    began = time.time()
    run_id = glue.start_job_run(JobName="start", Arguments=arguments or {})["JobRunId"]
    run = wait_until(lambda: _ended(glue.get_job_run(JobName="start", RunId=run_id)["JobRun"]), 300, "the run")
    stream = {"logGroupName": f"{run['LogGroupName']}/output", "logStreamName": run_id}
    return [event["message"] for event in logs.get_log_events(**stream)["events"]], began


def _ended(run: dict[str, str]) -> dict[str, str] | None:
    return run if run["JobRunState"] in ("SUCCEEDED", "FAILED") else None


def times(lines: list[str], began: float) -> tuple[float, float]:
    """Return the seconds since ``began`` of the script's first line, and of Spark's first result."""
    line, answer = (
        next(float(line.split()[-1]) for line in lines if line.startswith(begin)) for begin in ("first line", "10 ")
    )
    return line - began, answer - began
