"""AWS's cron expressions: AWS's examples, special days, and every matching time of four years against a simple model."""

import random
from calendar import monthrange
from datetime import datetime, timedelta, timezone

import pytest

from glue_local.orchestrate.cron import BadSchedule, parse_cron


def instants(fields: str, after: str, count: int = 3) -> list[str]:
    cron, now = parse_cron(fields), datetime.fromisoformat(after).replace(tzinfo=timezone.utc).timestamp()
    found = []
    for _ in range(count):
        following = cron.next_after(now)
        if following is None:
            break
        now = following
        found.append(f"{datetime.fromtimestamp(now, timezone.utc):%Y-%m-%d %H:%M}")
    return found


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        # The examples of https://docs.aws.amazon.com/glue/latest/dg/monitor-data-warehouse-schedule.html
        ("0 10 * * ? *", ["2024-02-28 10:00", "2024-02-29 10:00", "2024-03-01 10:00"]),
        ("15 12 * * ? *", ["2024-02-27 12:15", "2024-02-28 12:15", "2024-02-29 12:15"]),
        ("0 18 ? * MON-FRI *", ["2024-02-27 18:00", "2024-02-28 18:00", "2024-02-29 18:00"]),
        ("0 8 1 * ? *", ["2024-03-01 08:00", "2024-04-01 08:00", "2024-05-01 08:00"]),
        ("0/15 * * * ? *", ["2024-02-27 12:15", "2024-02-27 12:30", "2024-02-27 12:45"]),
        ("0/10 * ? * MON-FRI *", ["2024-02-27 12:10", "2024-02-27 12:20", "2024-02-27 12:30"]),
        ("0/5 8-17 ? * MON-FRI *", ["2024-02-27 12:05", "2024-02-27 12:10", "2024-02-27 12:15"]),
        ("1/10 12 * * ? *", ["2024-02-27 12:01", "2024-02-27 12:11", "2024-02-27 12:21"]),
        # Leap days, months without the day, years.
        ("0 0 29 2 ? *", ["2024-02-29 00:00", "2028-02-29 00:00", "2032-02-29 00:00"]),
        ("0 0 31 * ? *", ["2024-03-31 00:00", "2024-05-31 00:00", "2024-07-31 00:00"]),
        ("0 0 30 2 ? *", []),
        ("0 0 1 JAN ? 2025-2026", ["2025-01-01 00:00", "2026-01-01 00:00"]),
        ("0 0 1 1 ? 2023", []),
        # The last day, the nearest weekday, the last and the third weekday of a month.
        ("0 0 L * ? *", ["2024-02-29 00:00", "2024-03-31 00:00", "2024-04-30 00:00"]),
        ("0 0 LW 3,6 ? *", ["2024-03-29 00:00", "2024-06-28 00:00", "2025-03-31 00:00"]),
        ("0 0 1W 6,9 ? *", ["2024-06-03 00:00", "2024-09-02 00:00", "2025-06-02 00:00"]),
        ("0 0 31W 3,8 ? *", ["2024-03-29 00:00", "2024-08-30 00:00", "2025-03-31 00:00"]),
        ("0 0 ? * 6L *", ["2024-03-29 00:00", "2024-04-26 00:00", "2024-05-31 00:00"]),
        ("0 0 ? * L *", ["2024-03-02 00:00", "2024-03-09 00:00", "2024-03-16 00:00"]),
        ("0 0 ? * TUE#5 *", ["2024-04-30 00:00", "2024-07-30 00:00", "2024-10-29 00:00"]),
        ("0 0 ? * sun,2 *", ["2024-03-03 00:00", "2024-03-04 00:00", "2024-03-10 00:00"]),
    ],
)
def test_the_next_matching_times(fields: str, expected: list[str]) -> None:
    assert instants(fields, "2024-02-27 12:00") == expected


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ("0 10 * * *", "cron has 6 fields"),
        ("0 10 * * * *", "exactly one of Day-of-month and Day-of-week must be"),
        ("0 10 ? * ? *", "exactly one of Day-of-month and Day-of-week must be"),
        ("60 10 * * ? *", "Minutes must be between 0 and 59, not '60'"),
        ("0 24 * * ? *", "Hours must be between 0 and 23"),
        ("0 10 32 * ? *", "Day-of-month must be between 1 and 31"),
        ("0 10 * FOO ? *", "Month must be between 1 and 12, not 'FOO'"),
        ("0 10 ? * 0 *", "Day-of-week must be between 1 and 7"),
        ("0 10 ? * MON#6 *", "Day-of-week"),
        ("0 10 * * ? 1969", "Year must be between 1970 and 2199"),
        ("0/0 10 * * ? *", "increment '0'"),
        ("30-10 10 * * ? *", "the range '30-10', which ends before it begins"),
        ("0 10 W * ? *", "Day-of-month must be between 1 and 31, not ''"),
        ("٣ 10 * * ? *", "Minutes must be between 0 and 59"),
    ],
)
def test_invalid_expressions_are_refused(fields: str, reason: str) -> None:
    with pytest.raises(BadSchedule, match=reason.replace("?", r"\?")):
        parse_cron(fields)


def _matches(day: str, weekday: str, instant: datetime) -> bool:
    """Tell whether a date matches, as AWS's page says, independently of the code under test."""
    aws_weekday = instant.isoweekday() % 7 + 1
    last = monthrange(instant.year, instant.month)[1]
    if weekday == "?":
        return day == "*" or (day == "L" and instant.day == last) or day == str(instant.day)
    if weekday.endswith("L"):
        return aws_weekday == int(weekday[:-1]) and instant.day > last - 7
    first, _, nth = weekday.partition("#")
    return aws_weekday == int(first) and (not nth or (instant.day + 6) // 7 == int(nth))


@pytest.mark.parametrize("seed", range(5))
def test_no_day_of_four_years_is_missed_or_added(seed: int) -> None:
    chance = random.Random(seed)
    month = chance.choice(["*", "2", "1-3", "*/5"])
    months = {"*": range(1, 13), "2": [2], "1-3": [1, 2, 3], "*/5": [1, 6, 11]}[month]
    day, weekday = chance.choice([("*", "?"), ("L", "?"), ("29", "?"), ("?", "3"), ("?", "7L"), ("?", "2#5")])
    hour = chance.randrange(24)
    start = datetime(2024, 1, 1, tzinfo=timezone.utc)
    days = [start + timedelta(days=number) for number in range(4 * 365 + 1)]
    expected = [one for one in days if one.month in months and _matches(day, weekday, one)]
    found = instants(f"30 {hour} {day} {month} {weekday} *", "2024-01-01 00:00", len(expected))
    assert found == [f"{one:%Y-%m-%d} {hour:02d}:30" for one in expected]
