"""The clock as a value: it is passed to all code that needs the time, so that tests can pass another."""

from collections.abc import Callable
from datetime import datetime, timezone

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the current time in UTC, with its time zone."""
    return datetime.now(timezone.utc)


def epoch(clock: Clock) -> float:
    """Return the clock's time as epoch seconds with milliseconds, the timestamp of AWS's JSON protocols."""
    return round(clock().timestamp(), 3)
