"""When schedules are due: cron in time zones, rate and at, nights of daylight saving, leap days, start and end.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import random
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from glue_local.eventbridge.recurrence import recurrence

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


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(60, ["13:00"]), (64, ["13:00"]), (66, []), (60 * 24 * 30 + 1, ["12:00"]), (60 * 24 * 30 + 10, [])],
)
def test_after_a_clock_jump_only_the_last_minutes_are_caught_up_on(
    world: World, minutes: int, expected: list[str], capsys: Any
) -> None:
    schedule(world, "cron(0 * * * ? *)")
    world.rule("r", world.queue("rule"), ScheduleExpression="cron(0 * * * ? *)")
    following = world.pass_time(minutes=minutes)
    assert [time[11:16] for time in times(world)] == expected
    assert [event["time"][11:16] for event in world.messages("rule")] == expected
    assert following == (world.clock.now.replace(minute=0) + timedelta(hours=1)).timestamp()
    assert ("skips" in capsys.readouterr().err) == (minutes > 65)


def test_a_clock_that_is_set_back_repeats_nothing(world: World) -> None:
    for expression in ("cron(0 * * * ? *)", "rate(1 hour)"):
        schedule(world, expression, Name=expression[:4])
        world.rule(expression[:4], world.queue("rule"), ScheduleExpression=expression)
    world.pass_time(hours=1)
    before = len(times(world)), len(world.messages("rule"))
    world.pass_time(hours=-1)
    world.follow(START + timedelta(hours=1, minutes=59))
    assert (times(world), world.messages("rule")) == ([], [])
    world.follow(START + timedelta(hours=2))
    assert (len(times(world)), len(world.messages("rule"))) == (2, 2)
    # A rate of a schedule is due at once, too; one time was missed by more than five minutes.
    assert before == (2, 2)


WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
# Weeks in which clocks change, with time zones whose clocks change then, by an hour or half an hour; one has an odd offset.
WEEKS = {
    "2026-03-06": ("America/New_York", "America/Havana", "Europe/Brussels"),
    "2026-03-26": ("Europe/Brussels", "Atlantic/Azores", "UTC"),
    "2026-04-02": ("Australia/Lord_Howe", "Australia/Sydney", "Asia/Kathmandu"),
    "2026-10-01": ("Australia/Lord_Howe", "Australia/Sydney", "Pacific/Auckland"),
    "2026-10-22": ("Europe/Brussels", "Europe/London", "Atlantic/Azores"),
    "2026-10-29": ("America/New_York", "America/Havana", "America/St_Johns"),
    "2028-02-26": ("Europe/Brussels", "Pacific/Kiritimati", "Pacific/Pago_Pago"),
}


@pytest.mark.parametrize("week", WEEKS)
def test_a_week_of_a_time_zone_is_that_of_a_plain_reading_of_its_minutes(week: str) -> None:
    """A minute that the clocks do not show is skipped, and one that they show twice is due at the first."""
    chance = random.Random(week)
    begin = datetime.fromisoformat(week).replace(tzinfo=timezone.utc).timestamp()
    for zone in WEEKS[week]:
        clocks = [datetime.fromtimestamp(begin + 60 * minute, ZoneInfo(zone)) for minute in range(1, 7 * 24 * 60 + 1)]
        # In the second of two equal hours, nothing is due.
        first = [clock for clock in clocks if not clock.fold]
        for _ in range(5):
            minutes = sorted(chance.sample(range(60), chance.randint(1, 3)))
            hours = chance.choice([[*range(24)], [0, 1, 2, 3], [23], sorted(chance.sample(range(24), 2))])
            days = sorted(chance.sample(range(7), chance.randint(3, 7)))
            fields = (minutes, hours, [WEEKDAYS[day] for day in days])
            minute, hour, weekdays = (",".join(map(str, field)) for field in fields)
            expression = f"cron({minute} {hour} ? * {weekdays} *)"
            given = {"ScheduleExpression": expression, "ScheduleExpressionTimezone": zone}
            following, found, at = recurrence(given, begin), [], begin
            while (at := following(at) or begin + 8 * 86_400) <= begin + 7 * 86_400:
                found.append(at)
            assert found == [
                clock.timestamp()
                for clock in first
                if clock.minute in minutes and clock.hour in hours and clock.weekday() in days
            ], f"{expression} in {zone}"
