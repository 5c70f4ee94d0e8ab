"""Shift recorded minutes in time, so that they can be replayed as if published at another time."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from glue_local.feed.event import Event, Minute, instant

_MINUTE = timedelta(minutes=1)


def shifted(minutes: Iterable[Minute], start: datetime) -> Iterator[Minute]:
    """Shift all times by the same span, so that the first minute is published at ``start``.

    The span is rounded up to whole minutes, because observations start at whole minutes. Relative times, such as the
    age of frozen points, stay the same. Raises ValueError if the first minute has no publication time.
    """
    by: timedelta | None = None
    for minute in minutes:
        if by is None:
            if minute.published is None:
                raise ValueError("cannot shift: the first minute has no tijd_publicatie")
            by = -(-(start - minute.published) // _MINUTE) * _MINUTE
        published = minute.published + by if minute.published else None
        yield Minute(published, [_moved(event, by) for event in minute.events], minute.config_changed)


def _moved(event: Event, by: timedelta) -> Event:
    moved = dict(event)
    if event["tijd_waarneming"]:
        moved["tijd_waarneming"] = str(int(event["tijd_waarneming"]) + int(by.total_seconds()))
    if event["tijd_laatst_gewijzigd"]:
        was = instant(event["tijd_laatst_gewijzigd"])
        moved["tijd_laatst_gewijzigd"] = (was + by).isoformat()
    return moved
