"""Partition values, which are text, as values of their key's type."""

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
    # Python 3.11 reads other forms of ISO 8601 as well.
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


# Hive's other names of types that AWS's page lists.
_SPELLINGS = ("varchar", "char", "integer")


def reader(key: str, type_name: str) -> Callable[[str], Any]:
    """Return what reads text as a value of a partition key's type; raises Invalid for a type AWS cannot compare."""
    found = _READERS.get(type_name.lower().partition("(")[0].strip())
    if found is None:
        supported = ", ".join(name for name in _READERS if name not in _SPELLINGS)
        raise Invalid(
            f"Unsupported type {type_name} of partition key {key} in an expression; supported are {supported}"
        )
    return found


def literal(read: Callable[[str], Any], text: str) -> Any:
    """Return a literal of an expression as a value; raises Invalid when it is none of the key's type."""
    try:
        return read(text)
    except ValueError:
        raise Invalid(f"Invalid literal '{text}' in partition expression") from None


def stored(read: Callable[[str], Any], text: str) -> Any:
    """Return a partition's value, None when it is null or cannot be read as its key's type."""
    if text == NULL:
        return None
    try:
        return read(text)
    except ValueError:
        return None


def sql_of(read: Callable[[str], Any], place: int) -> str | None:
    """Return the values of the key at ``place`` in SQL, of the type that ``read`` reads, null where it reads none.

    None for types that SQLite does not order as they are (decimals, timestamps) and keys that have no column.
    """
    if place >= WIDTH:
        return None
    if read is _date:
        return f"CASE WHEN v{place} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' THEN v{place} END"
    return {str: f"v{place}", int: f"n{place}"}.get(cast(Any, read))


def parameter(value: Any) -> Any:
    """Return a value as SQLite compares it with ``sql_of`` its key."""
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        # No bigint reaches these, nor do SQLite's integers: infinity lies on the same side of them all.
        return math.inf if value > 0 else -math.inf
    return value.isoformat() if isinstance(value, date) else value
