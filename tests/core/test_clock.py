"""Times in AWS's JSON protocols."""

from datetime import datetime, timezone

from glue_local.core.clock import epoch, system_clock


def test_epoch_seconds_carry_milliseconds() -> None:
    assert epoch(lambda: datetime(2026, 1, 1, 0, 0, 0, 123456, timezone.utc)) == 1767225600.123


def test_the_system_clock_is_aware_and_in_utc() -> None:
    assert system_clock().tzinfo is timezone.utc
