"""The clock as a value: services are handed one, so that tests can hand them another."""

from collections.abc import Callable
from datetime import datetime, timezone

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(timezone.utc)


def epoch(clock: Clock) -> float:
    """Return the clock's instant as epoch seconds with milliseconds, the timestamp of AWS's JSON protocols."""
    return round(clock().timestamp(), 3)
