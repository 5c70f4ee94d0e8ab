"""Measure consecutive short Spark runs: the waiting time of warm and cold runs, and the memory."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.starts import SCRIPT, cold_start, one_run, stack_with_job, times
from tests.e2e.embedded import EmbeddedStack, descendants
from tests.e2e.stack import wait_until

_RUNS = 10
_CONF = {"--conf": "spark.executor.heartbeatInterval=11s"}
_BUSY = """
import time
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.range(1000).count()
print("first line", time.time(), flush=True)
for _ in range(6):
    spark.range(60_000_000).selectExpr("sum(hash(id, id % 1000))").collect()
print("10 ", time.time(), flush=True)
"""


def measure() -> Iterator[Figure]:
    """Start ten runs, each as soon as the previous one has ended; then runs with a cold driver."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.py"
        script.write_text(SCRIPT)
        submitted = [cold_start(script) for _ in range(3)]
        cold_line, cold_answer = (min(values) for values in zip(*submitted, strict=True))
        with stack_with_job(script, Path(folder) / "stack") as stack:
            _await_warm(stack)
            with _peak_memory(stack) as peak:
                runs = [times(*one_run(stack)) for _ in range(_RUNS)]
            settled = [times(*one_run(stack, _CONF)) for _ in range(3)]
            slowed = _slowed(stack)
    yield from _waits(runs, cold_line, cold_answer)
    line, answer = (max(values) for values in zip(*settled, strict=True))
    detail = f"the longest of 3: {line:.2f} s to the first line; spark-submit {cold_line:.2f} s and {cold_answer:.2f} s"
    ratio = answer / cold_answer
    yield Figure(
        "cold driver for --conf, Spark's first result", f"{ratio:.2f}×", "≤ 1× spark-submit", ratio <= 1, detail
    )
    yield Figure(
        "ten runs in a row, memory",
        f"{peak():.0f} MiB",
        "≤ 2048 MiB",
        peak() <= 2048,
        "peak, the worker and all below it, shared pages once",
    )
    yield Figure(
        "a run right after another vs. alone",
        f"{slowed:.2f}×",
        "≤ 1.05×",
        slowed <= 1.05,
        "the fastest of 3 each, busy on every core",
    )


def _waits(runs: list[tuple[float, float]], cold_line: float, cold_answer: float) -> Iterator[Figure]:
    lines, answers = zip(*runs, strict=True)
    each = ", ".join(f"{line:.2f}" for line in lines)
    wait = max(lines)
    yield Figure(
        "ten runs in a row, longest wait for the first line",
        f"{wait:.2f} s",
        "≤ 1.5 s",
        wait <= 1.5,
        f"{each} s; spark-submit {cold_line:.2f} s",
    )
    each = ", ".join(f"{answer:.2f}" for answer in answers)
    ratio = max(answers) / cold_answer
    yield Figure(
        "ten runs in a row, longest wait for Spark's first result",
        f"{ratio:.2f}×",
        "≤ 1× spark-submit",
        ratio <= 1,
        f"{each} s; spark-submit {cold_answer:.2f} s",
    )


def _await_warm(stack: EmbeddedStack) -> None:
    wait_until(lambda: len(list((stack.data_dir / "runs").glob("*/ready"))) == 2, 300, "warm drivers")


def _slowed(stack: EmbeddedStack) -> float:
    """Return how much longer a busy run takes when it starts right after another, while that run's driver is replaced."""
    stack.client("s3").put_object(Bucket="bench", Key="script.py", Body=_BUSY.encode())
    alone, after = [], []
    for _ in range(3):
        _await_warm(stack)
        time.sleep(2)
        alone.append(_busy_seconds(stack))
        after.append(_busy_seconds(stack))
    return min(after) / min(alone)


def _busy_seconds(stack: EmbeddedStack) -> float:
    line, end = times(*one_run(stack))
    return end - line


@contextmanager
def _peak_memory(stack: EmbeddedStack) -> Iterator[Callable[[], float]]:
    """Record the memory of the worker and its child processes in MiB; shared pages count once."""
    worker, done, seen = stack.children()["worker"], threading.Event(), [0.0]

    def look() -> None:
        while not done.wait(0.3):
            seen.append(sum(_proportional_mib(pid) for pid in (worker, *descendants(worker))))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield lambda: max(seen)
    finally:
        done.set()
        thread.join()


def _proportional_mib(pid: int) -> float:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in rollup.splitlines() if line.startswith("Pss:")), 0.0)
