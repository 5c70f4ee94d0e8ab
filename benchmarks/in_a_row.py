"""Measure consecutive short Spark runs: the waiting time of warm and cold runs, and the memory."""

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.starts import SCRIPT, cold_start, one_run, stack_with_job, times
from tests.e2e.embedded import EmbeddedStack, children_of, descendants
from tests.e2e.stack import wait_until

_RUNS = 10
_COLD = {"--conf": "spark.executor.heartbeatInterval=11s", "--datalake-formats": "iceberg"}
"""Arguments that need a new JVM."""
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
            cold = {name: [times(*one_run(stack, {name: value})) for _ in range(3)] for name, value in _COLD.items()}
            share = max(_share_of_others(stack) for _ in range(3))
    yield from _waits(runs, cold_line, cold_answer)
    for argument, runs_of in cold.items():
        line, answer = (max(values) for values in zip(*runs_of, strict=True))
        ratio = answer / cold_answer
        yield Figure(
            f"cold driver for {argument}, Spark's first result",
            f"{ratio:.2f}×",
            "≤ 1× spark-submit",
            ratio <= 1,
            f"the longest of 3: {line:.2f} s to the first line; spark-submit {cold_line:.2f} s and {cold_answer:.2f} s",
        )
    yield Figure(
        "ten runs in a row, memory",
        f"{peak():.0f} MiB",
        "≤ 2048 MiB",
        peak() <= 2048,
        "peak, the worker and all below it, shared pages once",
    )
    yield Figure(
        "a run right after another, the machine's share that other drivers take",
        f"{share:.1%}",
        "≤ 5 %",
        share <= 0.05,
        "the largest of 3, processor time of the worker's processes but the run's own, busy on every core",
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


def _share_of_others(stack: EmbeddedStack) -> float:
    """Return the pool's share of the processors during a run right after another, whose driver is replaced meanwhile.

    Seconds of one run vary by a tenth on an idle machine, so the time of two runs does not show five per cent.
    """
    stack.client("s3").put_object(Bucket="bench", Key="script.py", Body=_BUSY.encode())
    _await_warm(stack)
    one_run(stack)
    before, began = _processor_seconds(stack), time.monotonic()
    one_run(stack)
    after, seconds = _processor_seconds(stack), time.monotonic() - began
    used = {pid: value - before.get(pid, 0.0) for pid, value in after.items()}
    worker = stack.children()["worker"]
    # The driver of a run is two processes, each with those that it started.
    trees = sorted(sum(used.get(pid, 0.0) for pid in (top, *descendants(top))) for top in children_of(worker))
    return (used[worker] + sum(trees[:-2])) / (seconds * (os.cpu_count() or 1))


def _processor_seconds(stack: EmbeddedStack) -> dict[int, float]:
    """Return what each process of the worker has used."""
    worker, used = stack.children()["worker"], {}
    for pid in (worker, *descendants(worker)):
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            used[pid] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return used


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
