"""The schedule expressions of EventBridge Scheduler: cron in a time zone, rate, and at.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import re
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from glue_local.core.faults import Invalid
from glue_local.orchestrate.cron import BadSchedule, Cron, parse_cron
from glue_local.orchestrate.triggers import MAX_DELAY
from glue_local.store import Document

Next = Callable[[float], float | None]
"""From a time to the first due time after it, or None if there is none; both in epoch seconds."""

_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}
_RATE = re.compile(r"rate\(\s*([1-9]\d{0,8})\s+(minute|hour|day)s?\s*\)", re.ASCII)
_AT = re.compile(r"at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?)\)", re.ASCII)


def recurrence(schedule: Document, anchor: float) -> Next:
    """Return the function from a time to a schedule's next due time.

    A rate without StartDate counts from ``anchor``, and is due then for the first time. Raises Invalid.
    """
    expression = schedule["ScheduleExpression"].strip()
    zone = _zone(schedule.get("ScheduleExpressionTimezone") or "UTC")
    try:
        if found := _AT.fullmatch(expression):
            # StartDate and EndDate do not apply to it.
            return _once(_instant(datetime.fromisoformat(found[1]), zone))
        start, end = schedule.get("StartDate"), schedule.get("EndDate")
        return _within(_recurring(expression, zone, anchor if start is None else start), start, end)
    except (BadSchedule, ValueError) as reason:
        raise Invalid(f"Invalid Schedule Expression {expression}. {reason}", code="ValidationException") from None


def _recurring(expression: str, zone: ZoneInfo, anchor: float) -> Next:
    if found := _RATE.fullmatch(expression):
        seconds = int(found[1]) * _SECONDS[found[2]]
        # 24 hours are a day here, even if a day of the time zone has 23 or 25 hours.
        return lambda instant: anchor + seconds * max((instant - anchor) // seconds + 1, 0)
    if expression.startswith("cron(") and expression.endswith(")"):
        cron = parse_cron(expression[5:-1])
        return lambda instant: _next_local(cron, zone, instant)
    raise BadSchedule("it must be cron(…), rate(…) or at(yyyy-mm-ddThh:mm:ss)")


def _next_local(cron: Cron, zone: ZoneInfo, instant: float) -> float | None:
    """Return the next time of a cron expression on the clocks of a time zone.

    A time that the clocks skip in spring is skipped, and one that they show twice in autumn is due at the first.
    """
    shown = cron.next_after(_shown(instant, zone))
    while shown is not None:
        local = datetime.fromtimestamp(shown, timezone.utc).replace(tzinfo=None)
        found = _instant(local, zone)
        # In the second of two equal hours, the clocks show times that were due in the first.
        if found > instant and _shown(found, zone) == shown:
            return found
        shown = cron.next_after(shown)
    return None


def _shown(instant: float, zone: ZoneInfo) -> float:
    """Return what the clocks of a time zone show, as if it was UTC."""
    return datetime.fromtimestamp(instant, zone).replace(tzinfo=timezone.utc).timestamp()


def _instant(local: datetime, zone: ZoneInfo) -> float:
    return local.replace(tzinfo=zone).timestamp()


def _once(at: float) -> Next:
    return lambda instant: at if at > instant else None


def _within(following: Next, start: float | None, end: float | None) -> Next:
    def limited(instant: float) -> float | None:
        # Just before the start, so that the start itself may be due.
        found = following(instant if start is None else max(instant, start - 0.001))
        return None if found is None or (end is not None and found > end) else found

    return limited


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"Invalid Schedule Expression Timezone {name}: it must be a time zone of the IANA database"
        raise Invalid(message, code="ValidationException") from None


def time_to_fire(arn: str, at: float, now: float, following: Next) -> float | None:
    """Return the time for which a rule or schedule that was due ``at`` fires ``now``; it does not if that is later, or None.

    Skips times that were missed by more than ``MAX_DELAY``, as triggers do, and says so.
    """
    if now - at <= MAX_DELAY:
        return at
    missed = f"{datetime.fromtimestamp(at, timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
    sys.stderr.write(
        f"glue-local events: {arn} skips {missed} and what it missed by more than {MAX_DELAY:.0f} s since\n"
    )
    return following(now - MAX_DELAY)
