"""Object keys as Firehose makes them: ``!{timestamp:…}`` with Java's pattern letters, by arrival time.

Page: https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timezone, tzinfo

DEFAULT_PREFIX = "!{timestamp:yyyy/MM/dd/HH}/"
_EXPRESSION = re.compile(r"!\{(?P<namespace>[^:}]*):(?P<value>[^}]*)\}")
_LETTERS = re.compile(r"'[^']*'|([a-zA-Z])\1*|[^a-zA-Z']+")

_FORMATS: dict[str, Callable[[datetime, int], str]] = {
    "y": lambda t, n: f"{t.year % 100:02d}" if n == 2 else f"{t.year:0{n}d}",
    "u": lambda t, n: f"{t.year:0{n}d}",
    # The week-based year: 2026-12-31 is in week 1 of 2027, since Java's weeks begin on Sunday.
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
    """Format a time with a pattern of Java's DateTimeFormatter; raises ValueError for an unsupported letter."""
    return "".join(_part(match.group(0), instant) for match in _LETTERS.finditer(pattern))


def expand(
    prefix: str,
    instant: datetime,
    random_string: Callable[[], str],
    error_type: str = "",
    keys: Mapping[str, str] | None = None,
) -> str:
    """Replace the ``!{…}`` expressions of a prefix; raises ValueError for an invalid one."""

    def replace(match: "re.Match[str]") -> str:
        if match["namespace"] == "timestamp":
            return java_time(match["value"], instant)
        if match["namespace"] == "firehose" and match["value"] == "random-string":
            return random_string()
        if match["namespace"] == "firehose" and match["value"] == "error-output-type" and error_type:
            return error_type
        if match["namespace"] == "partitionKeyFromQuery" and match["value"] in (keys or {}):
            return (keys or {})[match["value"]]
        raise ValueError(f"{match.group(0)} is not a valid expression in this prefix")

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
    keys: Mapping[str, str] | None = None,
) -> str:
    """Return ``<prefix><stream>-<version>-yyyy-MM-dd-HH-mm-ss-<uuid><suffix>``; times in the prefix are in ``zone``.

    As in Firehose, ``yyyy/MM/dd/HH/`` follows a prefix without a timestamp expression, unless it has partition keys.
    """
    given = prefix or ""
    if "!{timestamp:" not in given and "!{partitionKeyFrom" not in given:
        given += DEFAULT_PREFIX
    folder = expand(given, instant.astimezone(zone), lambda: unique.replace("-", "")[:11], error_type, keys)
    return f"{folder}{name}-{version}-{instant:%Y-%m-%d-%H-%M-%S}-{unique}{suffix}"


def _part(part: str, instant: datetime) -> str:
    if part.startswith("'"):
        return part[1:-1] or "'"
    if not part[0].isalpha():
        return part
    if part[0] not in _FORMATS:
        raise ValueError(f"the letter {part[0]!r} in a timestamp pattern is not supported")
    return _FORMATS[part[0]](instant, len(part))


def _week_year(instant: datetime) -> int:
    # As in Java's US locale: weeks begin on Sunday, and January 1 is in week 1.
    first_of_next = datetime(instant.year + 1, 1, 1, tzinfo=instant.tzinfo)
    days_into_week = first_of_next.isoweekday() % 7
    return instant.year + 1 if (first_of_next.date() - instant.date()).days <= days_into_week else instant.year
