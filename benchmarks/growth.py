"""One hour of the whole network compared with four: time should grow linearly, memory should not grow."""

import os
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figures import Figure
from tests.e2e.embedded import EmbeddedStack, descendants
from tests.e2e.stack import free_port, wait_until

POINTS = 4254
START = "2026-03-02T06:00:00+01:00"
# Spark fills its heap before it spills; half of the default heap shows whether four hours need more than one.
HEAP = "1g"


def measure() -> Iterator[Figure]:
    """Publish, deliver and process one hour and four hours, each on a separate server with a heap of 1 GiB."""
    os.environ["GLUE_LOCAL_DRIVER_MEMORY"] = HEAP
    one, one_peak = _process(60)
    four, four_peak = _process(240)
    growth = four / one / 4
    yield Figure("1 h → 4 h: time", f"{growth:.2f}×", "≤ 1.1× linear", growth <= 1.1, f"{one:.0f} s → {four:.0f} s")
    memory = four_peak / one_peak
    detail = f"peak of the largest driver with its JVM, heap {HEAP}: {one_peak:.0f} MiB → {four_peak:.0f} MiB"
    yield Figure("1 h → 4 h: memory of a run", f"{memory:.2f}×", "≤ 1.2×", memory <= 1.2, detail)


def _process(minutes: int) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        stack = EmbeddedStack(free_port(), Path(folder))
        stack.up()
        try:
            stack.provision()
            began = time.monotonic()
            stack.publish(minutes, POINTS, 1, START)
            wait_until(lambda: stack.delivered() >= minutes * POINTS, 900, "delivery")
            with _watching(stack) as peaks:
                stack.execute()
            return time.monotonic() - began, max(peaks.values())
        finally:
            stack.down()


@contextmanager
def _watching(stack: EmbeddedStack) -> Iterator[dict[str, float]]:
    """Record the peak memory of each driver with its child processes, in MiB by its folder."""
    worker, peaks, done = stack.children()["worker"], dict[str, float](), threading.Event()

    def look() -> None:
        while not done.wait(0.5):
            now = defaultdict[str, float](float)
            for pid in descendants(worker):
                # The JVM's process and the script's, each with the folder of their driver.
                command = _command(pid).rstrip("\0").split("\0")
                if {"glue_local.worker.drivers.spark_main", "glue_local.worker.jvm.spark_jvm_main"} & {*command}:
                    now[command[-1]] += sum(_high_water_mib(each) for each in (pid, *descendants(pid)))
            peaks.update({folder: max(peaks.get(folder, 0.0), mib) for folder, mib in now.items()})

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peaks
    finally:
        done.set()
        thread.join()


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def _high_water_mib(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)
