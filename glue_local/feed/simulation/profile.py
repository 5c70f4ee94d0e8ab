"""Traffic demand over the day in Belgian local time, on weekdays and at weekends."""

from datetime import date, datetime, time, timedelta, timezone

# Share of the busiest hour's demand, at each full hour from 0 to 24.
_WEEKDAY = (
    0.10, 0.07, 0.06, 0.07, 0.12, 0.32, 0.74, 0.98, 1.00, 0.84, 0.75, 0.74, 0.76,
    0.78, 0.84, 0.93, 1.00, 1.00, 0.84, 0.60, 0.44, 0.36, 0.28, 0.18, 0.10,
)  # fmt: skip
_WEEKEND = (
    0.15, 0.10, 0.08, 0.07, 0.07, 0.10, 0.16, 0.24, 0.34, 0.47, 0.58, 0.66, 0.66,
    0.68, 0.70, 0.70, 0.70, 0.68, 0.62, 0.52, 0.42, 0.34, 0.28, 0.22, 0.15,
)  # fmt: skip

RUSH_HOUR = time(6, 45)


def local_time(moment: datetime) -> datetime:
    """Convert an aware instant to Belgian local time (CET or CEST)."""
    winter = moment.astimezone(timezone(timedelta(hours=1)))
    return moment.astimezone(timezone(timedelta(hours=2))) if _is_summer(moment) else winter


def demand(moment: datetime) -> float:
    """Return the demand at an instant as a share of the busiest hour of the week, 0 to 1."""
    local = local_time(moment)
    hours = _WEEKEND if is_weekend(local.date()) else _WEEKDAY
    part = local.minute / 60
    return hours[local.hour] * (1 - part) + hours[local.hour + 1] * part


def is_weekend(day: date) -> bool:
    """Return whether a day is a Saturday or Sunday."""
    return day.weekday() >= 5


def at_local(day: date, clock: time) -> datetime:
    """Convert a Belgian local time on a day to UTC."""
    winter = datetime.combine(day, clock, timezone(timedelta(hours=1)))
    return (winter - timedelta(hours=1) if _is_summer(winter) else winter).astimezone(timezone.utc)


def last_rush_hour(now: datetime, minutes: int) -> datetime:
    """Return 06:45 local time, in UTC, of the last weekday on which ``minutes`` from then are over by ``now``."""
    day = local_time(now).date()
    while is_weekend(day) or at_local(day, RUSH_HOUR) + timedelta(minutes=minutes) > now:
        day -= timedelta(days=1)
    return at_local(day, RUSH_HOUR)


def _is_summer(moment: datetime) -> bool:
    """Return whether European summer time applies: from the last Sunday of March to that of October, 01:00 UTC."""
    utc = moment.astimezone(timezone.utc)
    return _change(utc.year, 3) <= utc < _change(utc.year, 10)


def _change(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, 1, tzinfo=timezone.utc)
    return last - timedelta(days=(last.weekday() + 1) % 7)
