"""AWS's cron expressions: their fields, and the times in UTC that match them.

The syntax is that of Glue's page, and EventBridge's ``#`` for the day of week.
https://docs.aws.amazon.com/glue/latest/dg/monitor-data-warehouse-schedule.html
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_LAST_YEAR = 2199
_FIELDS = 6
_FRIDAY = 4  # as a result of date.weekday()


class BadSchedule(ValueError):
    """An invalid schedule expression; the message names the field and the problem."""


@dataclass(frozen=True)
class _Field:
    name: str
    lowest: int
    highest: int
    names: Sequence[str] = ()

    def parse(self, text: str) -> frozenset[int]:
        """Parse a comma-separated list of values, ranges and increments."""
        return frozenset(value for part in text.split(",") for value in self._part(part))

    def number(self, text: str) -> int:
        """Parse one value, a number or a name."""
        if text.upper() in self.names:
            return self.names.index(text.upper()) + 1
        if not (text.isascii() and text.isdigit()) or not self.lowest <= int(text) <= self.highest:
            raise BadSchedule(f"{self.name} must be between {self.lowest} and {self.highest}, not {text!r}")
        return int(text)

    def _part(self, part: str) -> Sequence[int]:
        span, slash, step_text = part.partition("/")
        if slash and not (step_text.isascii() and step_text.isdigit() and int(step_text)):
            raise BadSchedule(f"{self.name} has the increment {step_text!r}, which must be a number of at least 1")
        step = int(step_text) if slash else 1
        first_text, dash, last_text = span.partition("-")
        if span == "*":
            return range(self.lowest, self.highest + 1, step)
        first = self.number(first_text)
        if not dash:
            return range(first, self.highest + 1, step) if slash else [first]
        last = self.number(last_text)
        if last < first:
            raise BadSchedule(f"{self.name} has the range {span!r}, which ends before it begins")
        return range(first, last + 1, step)


_MINUTES = _Field("Minutes", 0, 59)
_HOURS = _Field("Hours", 0, 23)
_DAY_OF_MONTH = _Field("Day-of-month", 1, 31)
_MONTH = _Field("Month", 1, 12, _MONTHS)
_DAY_OF_WEEK = _Field("Day-of-week", 1, 7, _DAYS)
_YEAR = _Field("Year", 1970, _LAST_YEAR)


@dataclass(frozen=True)
class Cron:
    """A parsed expression. Exactly one of ``day_of_month`` and ``day_of_week``, which are unparsed, is ``?``."""

    minutes: Sequence[int]
    hours: Sequence[int]
    day_of_month: str
    months: frozenset[int]
    day_of_week: str
    years: frozenset[int]

    def next_after(self, instant: float) -> float | None:
        """Return the first matching time after ``instant`` (both in epoch seconds), or None if there is none until 2199."""
        after = datetime.fromtimestamp(instant, timezone.utc)
        for day in self._days_from(after.date()):
            for hour in self.hours:
                for minute in self.minutes:
                    found = datetime(day.year, day.month, day.day, hour, minute, tzinfo=timezone.utc)
                    if found > after:
                        return found.timestamp()
        return None

    def shortest_gap(self) -> int:
        """Return the smallest number of minutes between two matching times on one day or on consecutive days."""
        gaps = [later - earlier for earlier, later in zip(self.minutes, self.minutes[1:], strict=False)]
        if any((hour + 1) % 24 in self.hours for hour in self.hours):
            gaps.append(60 - self.minutes[-1] + self.minutes[0])
        return min(gaps, default=60)

    def _days_from(self, first: date) -> Iterator[date]:
        for year in sorted(year for year in self.years if year >= first.year):
            for month in sorted(self.months):
                if (year, month) >= (first.year, first.month):
                    for number in sorted(self._days(year, month)):
                        if (day := date(year, month, number)) >= first:
                            yield day

    def _days(self, year: int, month: int) -> set[int]:
        if self.day_of_week == "?":
            return {day for part in self.day_of_month.split(",") for day in _days_of_month(part, year, month)}
        return {day for part in self.day_of_week.split(",") for day in _days_of_week(part, year, month)}


def parse_cron(fields: str) -> Cron:
    """Parse the six fields, without ``cron(`` and ``)``. Raises BadSchedule."""
    parts = fields.upper().split()
    if len(parts) != _FIELDS:
        raise BadSchedule(
            f"cron has {_FIELDS} fields (Minutes Hours Day-of-month Month Day-of-week Year), not {len(parts)}"
        )
    minutes, hours, day_of_month, months, day_of_week, years = parts
    if (day_of_month == "?") == (day_of_week == "?"):
        raise BadSchedule("exactly one of Day-of-month and Day-of-week must be '?'")
    for part in day_of_month.split(",") if day_of_week == "?" else ():
        _days_of_month(part, 2024, 1)
    for part in day_of_week.split(",") if day_of_month == "?" else ():
        _days_of_week(part, 2024, 1)
    return Cron(
        sorted(_MINUTES.parse(minutes)),
        sorted(_HOURS.parse(hours)),
        day_of_month,
        _MONTH.parse(months),
        day_of_week,
        _YEAR.parse(years),
    )


def _days_of_month(part: str, year: int, month: int) -> set[int]:
    last = monthrange(year, month)[1]
    if part == "L":
        return {last}
    if part == "LW":
        return {_nearest_weekday(year, month, last)}
    if part.endswith("W"):
        wanted = _DAY_OF_MONTH.number(part[:-1])
        return {_nearest_weekday(year, month, wanted)} if wanted <= last else set()
    return {day for day in _DAY_OF_MONTH.parse(part) if day <= last}


def _days_of_week(part: str, year: int, month: int) -> set[int]:
    by_weekday = _by_weekday(year, month)
    if part == "L":
        return set(by_weekday[7])
    if nth := re.fullmatch(r"(\w+)#([1-5])", part):
        days = by_weekday[_DAY_OF_WEEK.number(nth[1])]
        return set(days[int(nth[2]) - 1 : int(nth[2])])
    if part.endswith("L"):
        return {by_weekday[_DAY_OF_WEEK.number(part[:-1])][-1]}
    return {day for weekday in _DAY_OF_WEEK.parse(part) for day in by_weekday[weekday]}


def _by_weekday(year: int, month: int) -> Mapping[int, list[int]]:
    """Return the days of a month by AWS's number of the weekday (Sunday is 1)."""
    first, length = monthrange(year, month)
    return {number: list(range((number - 2 - first) % 7 + 1, length + 1, 7)) for number in range(1, 8)}


def _nearest_weekday(year: int, month: int, day: int) -> int:
    """Return the day from Monday to Friday that is nearest to ``day`` in the same month."""
    wanted = date(year, month, day)
    beyond = wanted.weekday() - _FRIDAY  # 1 on Saturday, 2 on Sunday
    if beyond <= 0:
        return day
    near = wanted + timedelta(days=-1 if beyond == 1 else 1)
    if near.month == month:
        return near.day
    return (wanted + timedelta(days=2 if beyond == 1 else -2)).day
