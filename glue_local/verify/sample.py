"""The small seeded set of traffic that a verification publishes, always the same, and the wait for its delivery."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from glue_local.feed.delivered import Delivered
from glue_local.feed.event import Minute
from glue_local.feed.export import put_configuration
from glue_local.feed.network import invent
from glue_local.feed.publish import publish_minutes
from glue_local.feed.traffic import simulate
from glue_local.promote.kinds import Account
from glue_local.verify.copies import Copies

SEED = 1
START = datetime.fromisoformat("2026-03-02T07:57:00+01:00")
"""On a Monday morning, with jams, across an hour."""

_PATIENCE = 900.0  # the longest interval that Firehose may buffer for


class Incomplete(Exception):
    """A set that did not arrive as a whole."""


def publish(
    account: Account,
    copies: Copies,
    minutes: int,
    points: int,
    settle: float = 0.0,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Put the configuration and the events in; return how many events. Raises Incomplete.

    ``settle`` seconds pass before the first event: AWS's Firehose reads a stream from its latest record on, and begins
    some seconds after it says that it is ACTIVE.
    """
    network = invent(SEED, points)
    put_configuration(network, copies.configuration, lambda: account.clients("s3"))
    sleep(settle)
    traffic: Iterator[Minute] = (minute for minute, _ in simulate(network, START, minutes, SEED))
    outcome = publish_minutes(traffic, account.clients("kinesis"), copies.stream)
    if outcome.failed:
        reasons = ", ".join(f"{count} x {code}" for code, count in outcome.reasons.items())
        raise Incomplete(f"{outcome.failed} events could not be published to {copies.stream}: {reasons}")
    return outcome.published


def await_delivery(
    s3: Any,
    copies: Copies,
    published: int,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Return when as many events are delivered as were published; raises Incomplete when no more come."""
    bucket, prefix = copies.delivered
    delivered, seen, moved = Delivered(s3, bucket, prefix), 0, clock()
    while (now := delivered.count()) < published:
        if now > seen:
            seen, moved = now, clock()
        elif clock() - moved > _PATIENCE:
            raise Incomplete(
                f"{published - now} of {published} events did not arrive below s3://{bucket}/{prefix}"
                f" within {_PATIENCE:.0f} s"
            )
        sleep(1.0)
