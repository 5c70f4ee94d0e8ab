"""``<id>.csv.metadata``: the columns of a result, in Athena's protocol buffer format."""

from collections.abc import Iterable, Mapping
from typing import Any

# Field numbers, as clients that parse the object expect them.
_QUERY_ID, _COLUMN = 1, 4
_TEXTS = {"CatalogName": 1, "Name": 4, "Label": 5, "Type": 6}
_NUMBERS = {"Precision": 7, "Scale": 8}
_NULLABLE, _CASE_SENSITIVE = 9, 10
_UNKNOWN = 3


def metadata(query_id: str, columns: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the content for ``columns``, each a ColumnInfo."""
    content = _bytes(_QUERY_ID, query_id.encode())
    return content + b"".join(_bytes(_COLUMN, _column(each)) for each in columns)


def _column(info: Mapping[str, Any]) -> bytes:
    content = b"".join(_bytes(number, str(info[name]).encode()) for name, number in _TEXTS.items())
    content += b"".join(_number(number, info[name]) for name, number in _NUMBERS.items())
    return content + _number(_NULLABLE, _UNKNOWN) + _number(_CASE_SENSITIVE, int(info["CaseSensitive"]))


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _varint(value: int) -> bytes:
    content = b""
    while value > 0x7F:
        content += bytes([value & 0x7F | 0x80])
        value >>= 7
    return content + bytes([value])
