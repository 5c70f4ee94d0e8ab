"""Values of Athena's results as Python's: GetQueryResults has text, and the type of each column."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from glue_local.client.athena import Column, TextRow

Record = dict[str, Any]


def records(columns: Iterable[Column], rows: Iterable[TextRow]) -> Iterator[Record]:
    """Yield rows as dictionaries of Python values; NULL is None.

    Integers are int, ``double`` and ``float`` are float, decimals are Decimal, dates and times are those of datetime,
    ``varbinary`` is bytes. Arrays, maps, rows and JSON stay the text that Athena shows.
    """
    readers = [(column.name, _READERS.get(column.type, str)) for column in columns]
    for row in rows:
        yield {
            name: None if text is None else read(text)
            for (name, read), text in zip(readers, _padded(row, len(readers)), strict=True)
        }


def _padded(row: TextRow, width: int) -> TextRow:
    # Rows of statements such as SHOW end with their last value.
    return [*row[:width], *[None] * (width - len(row))]


def _timestamp(text: str) -> datetime:
    # Nanoseconds are more than Python has; 2026-01-01 00:00:00.123456789
    return datetime.fromisoformat(_six_digits(text))


def _timestamp_with_time_zone(text: str) -> datetime:
    moment, _, zone = text.rpartition(" ")
    if zone[0] in "+-":
        return datetime.fromisoformat(f"{_six_digits(moment)}{zone}")
    return _timestamp(moment).replace(tzinfo=ZoneInfo(zone))


def _time(text: str) -> time:
    return time.fromisoformat(_six_digits(text))


def _six_digits(text: str) -> str:
    whole, point, fraction = text.partition(".")
    return f"{whole}.{fraction[:6]:0<6}" if point else whole


_READERS: dict[str, Callable[[str], Any]] = {
    "boolean": lambda text: text == "true",
    "tinyint": int,
    "smallint": int,
    "integer": int,
    "bigint": int,
    "float": float,
    "real": float,
    "double": float,
    "decimal": Decimal,
    "date": date.fromisoformat,
    "time": _time,
    "timestamp": _timestamp,
    "timestamp with time zone": _timestamp_with_time_zone,
    "varbinary": bytes.fromhex,
}
