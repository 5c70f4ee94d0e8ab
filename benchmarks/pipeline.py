"""The demo's Spark jobs on the endpoint against the same transformations in plain PySpark on local files."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure
from tests.e2e.embedded import EmbeddedStack
from tests.e2e.stack import ROOT, free_port, wait_until

MINUTES, POINTS = 30, 4254
HANDWRITTEN = Path(__file__).parent / "handwritten.py"


def measure() -> Iterator[Figure]:
    """Run the workflow over half an hour of the full network, then the same transformations on the same files.

    Three times, and the median of the ratios: what a machine of two cores does beside it changes from minute to minute.
    """
    glue, plain, ratio = sorted((_once() for _ in range(3)), key=lambda once: once[2])[1]
    detail = f"{glue:.1f} s : {plain:.1f} s, {MINUTES} minutes of {POINTS} points, repartition and aggregate"
    yield Figure("pipeline vs. hand-written PySpark", f"{ratio:.2f}×", "≤ 1.15×", ratio <= 1.15, f"{detail}; of 3")


def _once() -> tuple[float, float, float]:
    with tempfile.TemporaryDirectory() as folder:
        stack = EmbeddedStack(free_port(), Path(folder) / "stack")
        stack.up()
        try:
            glue = _seconds_on_glue(stack)
            raw = _copy_raw_files(stack, Path(folder) / "raw")
        finally:
            stack.down()
        plain = _seconds_by_hand(raw, Path(folder) / "by-hand")
    return glue, plain, glue / plain


def _seconds_on_glue(stack: EmbeddedStack) -> float:
    stack.provision()
    stack.publish(MINUTES, POINTS, 1, "2026-03-02T06:45:00+01:00")
    expected = MINUTES * POINTS
    wait_until(lambda: stack.delivered() >= expected, 300, "delivery")
    stack.execute()
    return sum(_seconds_of_last_run(stack, job) for job in ("repartition", "aggregate"))


def _seconds_of_last_run(stack: EmbeddedStack, job: str) -> float:
    run = stack.client("glue").get_job_runs(JobName=job)["JobRuns"][0]
    seconds: float = (run["CompletedOn"] - run["StartedOn"]).total_seconds()
    return seconds


def _copy_raw_files(stack: EmbeddedStack, target: Path) -> Path:
    s3 = stack.client("s3")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket="traffic-raw")
    for key in (item["Key"] for page in pages for item in page["Contents"]):
        (target / key).parent.mkdir(parents=True, exist_ok=True)
        s3.download_file("traffic-raw", key, str(target / key))
    return target


def _seconds_by_hand(raw: Path, target: Path) -> float:
    done = subprocess.run(
        [sys.executable, str(HANDWRITTEN), str(raw), str(target)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = re.search(r"seconds: ([\d.]+)", done.stdout)
    assert found, done.stdout
    return float(found.group(1))
