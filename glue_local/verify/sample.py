"""The sample of traffic that a verification publishes, always the same, and the wait for its delivery."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from glue_local.feed.delivered import Delivered
from glue_local.feed.event import Minute
from glue_local.feed.export import put_configuration
from glue_local.feed.publish import publish_minutes
from glue_local.feed.simulation.network import generate_network
from glue_local.feed.simulation.traffic import simulate
from glue_local.promote.kinds import Account
from glue_local.verify.copies import Copies

SEED = 1
START = datetime.fromisoformat("2026-03-02T07:57:00+01:00")
"""A Monday morning with jams, spanning a full hour."""

_PATIENCE = 900.0  # the longest buffering interval of Firehose


class Incomplete(Exception):
    """Not all events of the sample were published or delivered."""


def publish(
    account: Account,
    copies: Copies,
    minutes: int,
    points: int,
    settle: float = 0.0,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Upload the configuration and publish the events; return the number of events. Raises Incomplete.

    Waits ``settle`` seconds before the first event: AWS's Firehose reads a stream from its latest record on, and starts
    some seconds after it becomes ACTIVE.
    """
    network = generate_network(SEED, points)
    put_configuration(network, copies.configuration, lambda: account.clients("s3"))
    sleep(settle)
    traffic: Iterator[Minute] = (minute for minute, _ in simulate(network, START, minutes, SEED))
    outcome = publish_minutes(traffic, account.clients("kinesis"), copies.stream)
    if outcome.failed:
        reasons = ", ".join(f"{count} x {code}" for code, count in outcome.reasons.items())
        raise Incomplete(f"failed to publish {outcome.failed} events to {copies.stream}: {reasons}")
    return outcome.published


def await_delivery(
    s3: Any,
    copies: Copies,
    published: int,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Wait until all published events are delivered; raises Incomplete if no more arrive."""
    bucket, prefix = copies.delivered
    delivered, seen, moved = Delivered(s3, bucket, prefix), 0, clock()
    while (now := delivered.count()) < published:
        if now > seen:
            seen, moved = now, clock()
        elif clock() - moved > _PATIENCE:
            raise Incomplete(
                f"{published - now} of {published} events did not arrive in s3://{bucket}/{prefix}"
                f" within {_PATIENCE:.0f} s"
            )
        sleep(1.0)
