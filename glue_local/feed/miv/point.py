"""Convert a ``meetpunt`` element to an event, as strictly as the publisher's schema."""

import re
from collections.abc import Iterator
from typing import cast

from lxml import etree

from glue_local.feed.event import CLASS_MEASURES, CLASSES, FIELDS, FLAGS, POINT_MEASURES, Event, epoch_seconds, instant

_TIMES = ("tijd_waarneming", "tijd_laatst_gewijzigd")
_INTEGERS = frozenset(("lve_nr", *FLAGS, *CLASS_MEASURES, *POINT_MEASURES))
_PLAIN = frozenset(("lve_nr", *_TIMES, *FLAGS))
_INTEGER = re.compile(r"[+-]?\d+")
_FLAG_VALUES = {
    "actueel_publicatie": ("0", "1"),
    "beschikbaar": ("0", "1"),
    "defect": ("0", "1", "2"),
    "geldig": ("0", "1", "2", "3"),
}
_CLASS_IDS = frozenset(str(k) for k in CLASSES)


class BadPoint(ValueError):
    """A point that violates the schema; ``line`` is lxml's line of the invalid element, or 0."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def line_of(element: "etree._Element") -> int:
    """Return an element's line in the parsed text, or 0 if lxml does not provide it."""
    return cast("int | None", element.sourceline) or 0


def read_point(point: "etree._Element") -> Event:
    """Return a point's event: 27 strings in the order of FIELDS, empty where the point has no value.

    ``tijd_waarneming`` is converted to epoch seconds; ``tijd_laatst_gewijzigd`` stays ISO text. Raises BadPoint.
    """
    event = dict.fromkeys(FIELDS, "")
    for name, value, line in _values(point):
        if event.get(name):
            raise BadPoint(f"{name} occurs twice", line)
        event[name] = value
    return event


def _values(point: "etree._Element") -> Iterator[tuple[str, str, int]]:
    if not point.get("unieke_id"):
        raise BadPoint("the attribute unieke_id is missing")
    yield "unieke_id", point.get("unieke_id", ""), 0
    yield "beschrijvende_id", point.get("beschrijvende_id", ""), 0
    if point.text and point.text.strip():
        raise BadPoint(f"stray text {point.text.strip()[:40]!r}")
    for child in point:
        if child.tail and child.tail.strip():
            raise BadPoint(f"stray text {child.tail.strip()[:40]!r} after <{child.tag}>", line_of(child))
        if child.tag in _PLAIN:
            yield child.tag, _value(child), line_of(child)
        elif child.tag == "meetdata":
            yield from _measures(child, CLASS_MEASURES, "{}_klasse" + _class_id(child))
        elif child.tag == "rekendata":
            yield from _measures(child, POINT_MEASURES, "rekendata_{}")
        else:
            raise BadPoint(f"<{child.tag}> is not part of schema version 1.0.0", line_of(child))


def _measures(parent: "etree._Element", allowed: tuple[str, ...], pattern: str) -> Iterator[tuple[str, str, int]]:
    for child in parent:
        if child.tag in allowed:
            yield pattern.format(child.tag), _value(child), line_of(child)
        else:
            raise BadPoint(f"<{child.tag}> does not belong in <{parent.tag}>", line_of(child))


def _class_id(meetdata: "etree._Element") -> str:
    klasse = meetdata.get("klasse_id", "")
    if klasse not in _CLASS_IDS:
        raise BadPoint(f"klasse_id is {klasse!r}, not one of 1 to 5", line_of(meetdata))
    return klasse


def _value(element: "etree._Element") -> str:
    text = (element.text or "").strip()
    name = element.tag
    if len(element):
        raise BadPoint(f"<{name}> contains other elements", line_of(element))
    if name in _INTEGERS and not _INTEGER.fullmatch(text):
        raise BadPoint(f"{name} is {text!r}, not a whole number", line_of(element))
    if text not in _FLAG_VALUES.get(name, (text,)):
        raise BadPoint(f"{name} is {text!r}, not one of {', '.join(_FLAG_VALUES[name])}", line_of(element))
    return _time(name, text, line_of(element)) if name in _TIMES else text


def _time(name: str, text: str, line: int) -> str:
    try:
        if name == "tijd_waarneming":
            return epoch_seconds(text)
        instant(text)
    except ValueError as error:
        raise BadPoint(f"{name}: {error}", line) from error
    return text
