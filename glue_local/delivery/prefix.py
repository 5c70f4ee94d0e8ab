"""Object keys as Firehose makes them: ``!{timestamp:…}`` in Java's letters, by arrival.

Page: https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
"""

import re
from collections.abc import Callable
from datetime import datetime, timezone, tzinfo

DEFAULT_PREFIX = "!{timestamp:yyyy/MM/dd/HH}/"
_EXPRESSION = re.compile(r"!\{(?P<namespace>[^:}]*):(?P<value>[^}]*)\}")
_LETTERS = re.compile(r"'[^']*'|([a-zA-Z])\1*|[^a-zA-Z']+")

_FORMATS: dict[str, Callable[[datetime, int], str]] = {
    "y": lambda t, n: f"{t.year % 100:02d}" if n == 2 else f"{t.year:0{n}d}",
    "u": lambda t, n: f"{t.year:0{n}d}",
    # The year of the week, not of the day: 2026-12-31 is in week 1 of 2027 where weeks begin on Sunday, as Java's do.
    "Y": lambda t, n: f"{_week_year(t) % 100:02d}" if n == 2 else f"{_week_year(t):0{n}d}",
    "M": lambda t, n: t.strftime("%b" if n == 3 else "%B") if n > 2 else f"{t.month:0{n}d}",
    "d": lambda t, n: f"{t.day:0{n}d}",
    "D": lambda t, n: f"{t.timetuple().tm_yday:0{n}d}",
    "H": lambda t, n: f"{t.hour:0{n}d}",
    "h": lambda t, n: f"{(t.hour + 11) % 12 + 1:0{n}d}",
    "m": lambda t, n: f"{t.minute:0{n}d}",
    "s": lambda t, n: f"{t.second:0{n}d}",
    "S": lambda t, n: f"{t.microsecond:06d}"[:n],
    "E": lambda t, n: t.strftime("%A" if n > 3 else "%a"),
    "a": lambda t, n: "AM" if t.hour < 12 else "PM",
    "Z": lambda t, n: t.strftime("%z"),
}


def java_time(pattern: str, instant: datetime) -> str:
    """Format an instant by a pattern of Java's DateTimeFormatter; raises ValueError naming a letter we do not know."""
    return "".join(_part(match.group(0), instant) for match in _LETTERS.finditer(pattern))


def expand(prefix: str, instant: datetime, random_string: Callable[[], str], error_type: str = "") -> str:
    """Replace the ``!{…}`` expressions of a prefix; raises ValueError naming one that Firehose does not have."""

    def replace(match: "re.Match[str]") -> str:
        if match["namespace"] == "timestamp":
            return java_time(match["value"], instant)
        if match["namespace"] == "firehose" and match["value"] == "random-string":
            return random_string()
        if match["namespace"] == "firehose" and match["value"] == "error-output-type" and error_type:
            return error_type
        raise ValueError(f"{match.group(0)} is not an expression that this prefix can have")

    return _EXPRESSION.sub(replace, prefix)


def object_key(
    prefix: str | None,
    name: str,
    version: str,
    instant: datetime,
    unique: str,
    suffix: str,
    error_type: str = "",
    zone: tzinfo = timezone.utc,
) -> str:
    """Return ``<prefix><stream>-<version>-yyyy-MM-dd-HH-mm-ss-<uuid><suffix>``; the prefix's times are ``zone``'s.

    A prefix without any timestamp expression is followed by ``yyyy/MM/dd/HH/``, as Firehose does it.
    """
    given = prefix or ""
    if "!{timestamp:" not in given:
        given += DEFAULT_PREFIX
    folder = expand(given, instant.astimezone(zone), lambda: unique.replace("-", "")[:11], error_type)
    return f"{folder}{name}-{version}-{instant:%Y-%m-%d-%H-%M-%S}-{unique}{suffix}"


def _part(part: str, instant: datetime) -> str:
    if part.startswith("'"):
        return part[1:-1] or "'"
    if not part[0].isalpha():
        return part
    if part[0] not in _FORMATS:
        raise ValueError(f"the letter {part[0]!r} of a timestamp pattern is not emulated")
    return _FORMATS[part[0]](instant, len(part))


def _week_year(instant: datetime) -> int:
    # Java's default locale in the US: weeks begin on Sunday, and the one with January 1 is week 1.
    first_of_next = datetime(instant.year + 1, 1, 1, tzinfo=instant.tzinfo)
    days_into_week = first_of_next.isoweekday() % 7
    return instant.year + 1 if (first_of_next.date() - instant.date()).days <= days_into_week else instant.year
