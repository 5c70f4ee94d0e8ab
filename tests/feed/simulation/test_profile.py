from datetime import date, datetime, time, timedelta, timezone

import pytest

from glue_local.feed.simulation.profile import at_local, demand, last_rush_hour, local_time

UTC = timezone.utc


@pytest.mark.parametrize(
    ("utc", "hour"),
    [
        (datetime(2017, 3, 26, 0, 59, tzinfo=UTC), 1),
        (datetime(2017, 3, 26, 1, 0, tzinfo=UTC), 3),
        (datetime(2017, 10, 29, 0, 59, tzinfo=UTC), 2),
        (datetime(2017, 10, 29, 1, 0, tzinfo=UTC), 2),
        (datetime(2020, 12, 31, 23, 30, tzinfo=UTC), 0),
    ],
)
def test_belgian_wall_clock_changes_on_the_last_sundays_of_march_and_october(utc: datetime, hour: int) -> None:
    assert local_time(utc).hour == hour


def test_mornings_are_busy_by_wall_clock_in_summer_and_winter() -> None:
    assert demand(at_local(date(2017, 1, 12), time(8))) == demand(at_local(date(2017, 7, 13), time(8))) == 1.0
    assert at_local(date(2017, 7, 13), time(8)) == datetime(2017, 7, 13, 6, tzinfo=UTC)


def test_nights_and_weekends_are_quieter() -> None:
    assert demand(at_local(date(2017, 4, 27), time(3))) < 0.1
    assert demand(at_local(date(2017, 4, 29), time(8))) < 0.5


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 3, 4, 12, tzinfo=UTC), datetime(2026, 3, 4, 5, 45, tzinfo=UTC)),
        (datetime(2026, 3, 4, 6, tzinfo=UTC), datetime(2026, 3, 3, 5, 45, tzinfo=UTC)),
        (datetime(2026, 3, 8, 12, tzinfo=UTC), datetime(2026, 3, 6, 5, 45, tzinfo=UTC)),
        (datetime(2026, 7, 6, 3, tzinfo=UTC), datetime(2026, 7, 3, 4, 45, tzinfo=UTC)),
    ],
)
def test_the_last_rush_hour_is_over_and_on_a_weekday(now: datetime, expected: datetime) -> None:
    assert last_rush_hour(now, 30) == expected
    assert expected + timedelta(minutes=30) <= now
