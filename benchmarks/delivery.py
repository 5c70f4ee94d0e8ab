"""Throughput from feed to Kinesis to S3, as a multiple of the real network's pace."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure
from tests.e2e.embedded import EmbeddedStack
from tests.e2e.stack import free_port, wait_until

MINUTES, POINTS = 30, 4254


def measure() -> Iterator[Figure]:
    """Publish half an hour of the full network as fast as possible and wait until all events are in S3."""
    with tempfile.TemporaryDirectory() as folder:
        stack = EmbeddedStack(free_port(), Path(folder))
        stack.up()
        try:
            stack.provision()
            began = time.monotonic()
            stack.publish(MINUTES, POINTS, 1, "2026-03-02T06:45:00+01:00")
            wait_until(lambda: stack.delivered() >= MINUTES * POINTS, 300, "delivery")
            seconds = time.monotonic() - began
        finally:
            stack.down()
    pace = 60 * MINUTES / seconds
    detail = f"{MINUTES} minutes of {POINTS} points in {seconds:.0f} s, including 10 s of buffering interval"
    yield Figure("feed → Kinesis → S3", f"{pace:.0f}× real time", "≥ 60×", pace >= 60, detail)
