"""Convert partition values, which are text, to their key's type."""

import math
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from glue_local.core.faults import Invalid
from glue_local.store.partition_values import NULL, WIDTH


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None


def _date(text: str) -> date:
    # Python 3.11 also accepts other ISO 8601 formats.
    if len(text) != len("2024-02-29"):
        raise ValueError(text)
    return date.fromisoformat(text)


def _timestamp(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)


_READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("string", "varchar", "char"), str),
    **dict.fromkeys(("int", "integer", "bigint", "long", "tinyint", "smallint"), int),
    "decimal": _decimal,
    "date": _date,
    "timestamp": _timestamp,
}


_MOST_DIGITS = 20  # more than a bigint has

# Hive's aliases of the types that AWS's page lists.
_SPELLINGS = ("varchar", "char", "integer")


def reader(key: str, type_name: str) -> Callable[[str], Any]:
    """Return a function that parses text as a partition key's type; raises Invalid for a type AWS cannot compare."""
    found = _READERS.get(type_name.lower().partition("(")[0].strip())
    if found is None:
        supported = ", ".join(name for name in _READERS if name not in _SPELLINGS)
        raise Invalid(
            f"Unsupported type {type_name} of partition key {key} in an expression; supported are {supported}"
        )
    return found


def literal(read: Callable[[str], Any], text: str) -> Any:
    """Return a literal of an expression as a value; raises Invalid if it is not of the key's type."""
    try:
        return _whole_number(text) if read is cast(Any, int) else read(text)
    except ValueError:
        raise Invalid(f"Invalid literal '{text}' in partition expression") from None


def _whole_number(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        number = _decimal(text)
    if number.is_finite() and number.adjusted() > _MOST_DIGITS:
        # Expanding 1e999999999 would exhaust memory; every bigint compares to it as to infinity.
        return math.inf if number > 0 else -math.inf
    if number != int(number):
        raise ValueError(text)
    return int(number)


def stored(read: Callable[[str], Any], text: str) -> Any:
    """Return a partition's value, None if it is null or cannot be parsed as its key's type."""
    if text == NULL:
        return None
    try:
        return read(text)
    except ValueError:
        return None


def sql_of(read: Callable[[str], Any], place: int) -> str | None:
    """Return an SQL expression for the key at ``place`` in the type of ``read``, null for an invalid value.

    None for types that SQLite orders differently (decimals, timestamps) and for keys without a column.
    """
    if place >= WIDTH:
        return None
    if read is _date:
        return f"CASE WHEN v{place} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' THEN v{place} END"
    return {str: f"v{place}", int: f"n{place}"}.get(cast(Any, read))


def parameter(value: Any) -> Any:
    """Return a value in the form that SQLite compares with its key's ``sql_of``."""
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        # Beyond every bigint and SQLite integer: infinity compares to them in the same way.
        return math.inf if value > 0 else -math.inf
    return value.isoformat() if isinstance(value, date) else value
