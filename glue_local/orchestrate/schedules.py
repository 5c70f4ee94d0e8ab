"""Schedule expressions: ``cron(…)`` and ``rate(…)``, in UTC."""

import re
from collections.abc import Callable

from glue_local.core.faults import Invalid
from glue_local.orchestrate.cron import BadSchedule, parse_cron

Next = Callable[[float], float | None]

SHORTEST = 5
"""The shortest interval that Glue accepts, in minutes."""

_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}


def parse_schedule(expression: str, anchor: float, shortest: int = SHORTEST) -> Next:
    """Return a function from a time to the next due time, or None if there is none; both in epoch seconds.

    A rate counts from ``anchor``. Raises Invalid for expressions that AWS refuses, including those with an
    interval of less than ``shortest`` minutes.
    """
    try:
        return _parse(expression.strip(), anchor, shortest)
    except BadSchedule as reason:
        raise Invalid(f"Invalid schedule expression {expression}: {reason}.") from None


def _parse(expression: str, anchor: float, shortest: int) -> Next:
    if found := re.fullmatch(r"cron\((.*)\)", expression):
        cron = parse_cron(found[1])
        _check_interval(cron.shortest_gap(), shortest)
        return cron.next_after
    if found := re.fullmatch(r"rate\(\s*(\d{1,9})\s+(minute|hour|day)(s?)\s*\)", expression, re.ASCII):
        count, unit, plural = int(found[1]), found[2], found[3]
        if count == 0 or (count == 1) == bool(plural):
            raise BadSchedule("a rate is 1 minute, hour or day, or a larger number of minutes, hours or days")
        seconds = count * _SECONDS[unit]
        _check_interval(seconds // 60, shortest)
        return lambda instant: anchor + seconds * max((instant - anchor) // seconds + 1, 1)
    raise BadSchedule("it must be cron(…) or rate(…)")


def _check_interval(minutes: int, shortest: int) -> None:
    if minutes < shortest:
        raise BadSchedule(f"the interval of {minutes} minutes is shorter than {shortest} minutes")
