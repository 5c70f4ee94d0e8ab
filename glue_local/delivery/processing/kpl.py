"""Deaggregate records of the Kinesis Producer Library.

Format: https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
"""

import hashlib
from collections.abc import Iterator

_MAGIC = b"\xf3\x89\x9a\xc2"
_DIGEST = 16
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_RECORDS, _DATA = 3, 3  # AggregatedRecord.records, Record.data


def user_records(data: bytes) -> list[bytes] | None:
    """Return the records inside an aggregated record; None for one that is not aggregated."""
    if not data.startswith(_MAGIC):
        return None
    message, digest = data[len(_MAGIC) : -_DIGEST], data[-_DIGEST:]
    # A record with the magic number but a wrong digest is an ordinary record, as in the Kinesis Client Library.
    if hashlib.md5(message, usedforsecurity=False).digest() != digest:
        return None
    try:
        return [_data(record) for number, record in _fields(message) if number == _RECORDS]
    except (ValueError, IndexError):
        return None


def _data(record: bytes) -> bytes:
    return b"".join(value for number, value in _fields(record) if number == _DATA)


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the numbers and values of a protobuf message's bytes fields; skips others."""
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            _, place = _varint(message, place)
            continue
        if kind == _BYTES:
            length, place = _varint(message, place)
        elif kind in (_FIXED64, _FIXED32):
            length = 8 if kind == _FIXED64 else 4
        else:
            raise ValueError(f"wire type {kind}")
        if place + length > len(message):
            raise ValueError("a field is longer than its message")
        if kind == _BYTES:
            yield number, message[place : place + length]
        place += length


def _varint(message: bytes, place: int) -> tuple[int, int]:
    value, shift = 0, 0
    while True:
        byte = message[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if not byte & 0x80:
            return value, place
