"""How fast the feed reaches S3: generated, published to Kinesis, delivered, against the pace of the real network."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure
from tests.e2e.stack import Stack, free_port, wait_until

MINUTES, POINTS = 30, 4254


def measure() -> Iterator[Figure]:
    """Publish half an hour of the full network as fast as possible and wait until all of it is in S3."""
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(free_port(), Path(folder))
        stack.up()
        try:
            stack.provision()
            began = time.monotonic()
            stack.publish(MINUTES, POINTS, 1, "2026-03-02T06:45:00+01:00")
            wait_until(lambda: stack.delivered() >= MINUTES * POINTS, 300, "delivery")
            # The last buffer waits for its age, however fast the rest was.
            seconds = time.monotonic() - began - _buffering_seconds(stack)
        finally:
            stack.down()
    pace = 60 * MINUTES / seconds
    detail = f"{MINUTES} minutes of {POINTS} points in {seconds:.0f} s, without the last buffer's wait"
    yield Figure("feed → Kinesis → S3", f"{pace:.0f}× real time", "≥ 60×", pace >= 60, detail)


def _buffering_seconds(stack: Stack) -> float:
    description = stack.client("firehose").describe_delivery_stream(DeliveryStreamName="traffic-raw-delivery")
    destination = description["DeliveryStreamDescription"]["Destinations"][0]["ExtendedS3DestinationDescription"]
    return float(destination["BufferingHints"]["IntervalInSeconds"])
