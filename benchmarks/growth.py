"""One hour of the whole network against four: time has to grow with the events, memory not at all."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure
from tests.e2e.stack import Stack, descendants, free_port, wait_until

POINTS = 4254
START = "2026-03-02T06:00:00+01:00"


def measure() -> Iterator[Figure]:
    """Publish, deliver and process one hour and four hours, each on a server of its own."""
    one, one_peak = _process(60)
    four, four_peak = _process(240)
    growth = four / one / 4
    yield Figure("1 h → 4 h: time", f"{growth:.2f}×", "≤ 1.1× linear", growth <= 1.1, f"{one:.0f} s → {four:.0f} s")
    memory = four_peak / one_peak
    detail = f"peak of worker and driver {one_peak:.0f} MiB → {four_peak:.0f} MiB"
    yield Figure("1 h → 4 h: memory of a run", f"{memory:.2f}×", "≤ 1.2×", memory <= 1.2, detail)


def _process(minutes: int) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(free_port(), Path(folder))
        stack.up()
        try:
            stack.provision()
            began = time.monotonic()
            stack.publish(minutes, POINTS, 1, START)
            wait_until(lambda: stack.delivered() >= minutes * POINTS, 900, "delivery")
            stack.execute()
            return time.monotonic() - began, _peak_mib(stack)
        finally:
            stack.down()


def _peak_mib(stack: Stack) -> float:
    worker = stack.children()["worker"]
    peaks = [_high_water_mib(pid) for pid in (worker, *descendants(worker))]
    return sum(peaks)


def _high_water_mib(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)
