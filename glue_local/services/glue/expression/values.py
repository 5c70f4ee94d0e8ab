"""Partition values, which are text, as values of their key's type."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from glue_local.core.faults import Invalid

# What Hive, and with it Glue, writes for a partition value that is null.
NULL = "__HIVE_DEFAULT_PARTITION__"


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None


def _timestamp(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)


_READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("string", "varchar", "char"), str),
    **dict.fromkeys(("int", "integer", "bigint", "long", "tinyint", "smallint"), int),
    "decimal": _decimal,
    "date": date.fromisoformat,
    "timestamp": _timestamp,
}


def reader(key: str, type_name: str) -> Callable[[str], Any]:
    """Return what reads text as a value of a partition key's type; raises Invalid for a type AWS cannot compare."""
    found = _READERS.get(type_name.lower().partition("(")[0].strip())
    if found is None:
        raise Invalid(f"Unsupported type {type_name} of partition key {key} in an expression")
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
