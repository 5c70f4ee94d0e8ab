"""When schedules are due: cron in time zones, rate and at, nights of daylight saving, leap days, start and end.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from datetime import timedelta

import pytest

from .conftest import START, World
from .scheduled import BRUSSELS, schedule, times


def test_a_week_of_schedules(world: World) -> None:
    schedule(world, "cron(15 12 ? * MON-FRI *)", world.queue("noon"), Name="noon")
    schedule(world, "rate(6 hours)", world.queue("rate"), Name="rate")
    schedule(world, "at(2026-03-04T08:30:00)", world.queue("once"), Name="once")
    world.follow(START + timedelta(days=7))
    assert times(world, "noon") == [f"2026-03-0{day}T12:15:00Z" for day in range(2, 7)]
    # A rate without StartDate begins immediately.
    assert len(rate := times(world, "rate")) == 7 * 4 + 1
    assert rate[:2] == ["2026-03-02T12:00:00Z", "2026-03-02T18:00:00Z"]
    assert times(world, "once") == ["2026-03-04T08:30:00Z"]


@pytest.mark.parametrize(
    ("night", "expression", "expected"),
    [
        # At 02:00 clocks show 03:00: what is due between is skipped.
        ("2026-03-29", "cron(30 2 * * ? *)", []),
        ("2026-03-29", "cron(30 * * * ? *)", ["00:30", "01:30", "02:30"]),
        # At 03:00 clocks show 02:00 again: what is due between is due once.
        ("2026-10-25", "cron(30 2 * * ? *)", ["00:30"]),
        ("2026-10-25", "cron(30 * * * ? *)", ["00:30", "02:30", "03:30"]),
        ("2026-10-25", "rate(60 minutes)", ["00:00", "01:00", "02:00", "03:00", "04:00"]),
        ("2026-10-25", "at(2026-10-25T02:30:00)", ["00:30"]),
    ],
)
def test_nights_of_daylight_saving(world: World, night: str, expression: str, expected: list[str]) -> None:
    world.set(f"{night} 00:00")
    schedule(world, expression, ScheduleExpressionTimezone=BRUSSELS)
    until = f"{night} 03:00" if night == "2026-03-29" else f"{night} 04:00"
    world.follow(until)
    assert times(world) == [f"{night}T{time}:00Z" for time in expected]


def test_a_day_of_a_rate_has_24_hours(world: World) -> None:
    world.set("2026-03-28 11:00")
    schedule(world, "rate(1 day)", ScheduleExpressionTimezone=BRUSSELS)
    schedule(world, "cron(0 12 * * ? *)", world.queue("noon"), Name="noon", ScheduleExpressionTimezone=BRUSSELS)
    world.follow("2026-03-30 12:00")
    assert times(world) == [f"2026-03-{day}T11:00:00Z" for day in (28, 29, 30)]
    assert times(world, "noon") == ["2026-03-29T10:00:00Z", "2026-03-30T10:00:00Z"]


def test_a_leap_day(world: World) -> None:
    world.set("2028-02-27 12:00")
    schedule(world, "cron(0 6 * * ? *)")
    schedule(world, "cron(0 6 29 2 ? *)", world.queue("leap"), Name="leap")
    world.follow("2028-03-02 00:00")
    assert times(world) == [f"2028-{day}T06:00:00Z" for day in ("02-28", "02-29", "03-01")]
    world.set("2031-12-31 00:00")
    world.messages("leap")
    world.follow("2033-01-01 00:00")
    assert times(world, "leap") == ["2032-02-29T06:00:00Z"]


def test_start_and_end(world: World) -> None:
    limits = {"StartDate": START + timedelta(hours=3, minutes=30), "EndDate": START + timedelta(hours=6)}
    schedule(world, "rate(1 hour)", **limits)
    schedule(world, "cron(0 * * * ? *)", world.queue("cron"), Name="cron", **limits)
    world.follow(START + timedelta(days=1))
    assert times(world) == [f"2026-03-02T{hour}:30:00Z" for hour in (15, 16, 17)]
    assert times(world, "cron") == [f"2026-03-02T{hour}:00:00Z" for hour in (16, 17, 18)]
