"""Decode Avro's object container files, without a library.

https://avro.apache.org/docs/1.11.1/specification/
"""

import io
import json
import struct
import zlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from importlib import import_module
from typing import IO, Any

from glue_local.prerequisites import extras

_SYNC = 16
_CHECKSUM = 4  # after each Snappy block
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def rows(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    """Yield the records of a file; raises ValueError or EOFError if it is not one of Avro, or damaged."""
    if file.read(4) != b"Obj\x01":
        raise ValueError("the file does not begin like one of Avro")
    metadata = _map(file, _bytes)
    schema, codec = json.loads(metadata["avro.schema"]), metadata.get("avro.codec", b"null").decode()
    named: dict[str, Any] = {}
    _name_types(schema, named)
    file.read(_SYNC)
    while begins := file.read(1):
        count, size = _long(file, begins), _long(file)
        block = io.BytesIO(_decompressed(_exactly(file, size), codec))
        for _ in range(count):
            yield _value(block, schema, named)
        file.read(_SYNC)


def _decompressed(block: bytes, codec: str) -> bytes:
    if codec == "null":
        return block
    if codec == "deflate":
        return zlib.decompress(block, -15)
    if codec == "snappy":
        extras.check("firehose", "reading Avro with Snappy")
        return bytes(import_module("cramjam").snappy.decompress_raw(block[:-_CHECKSUM]))
    raise ValueError(f"the codec {codec} is not supported: null, deflate and snappy are")


def _name_types(schema: Any, named: dict[str, Any]) -> None:
    if isinstance(schema, list):
        for each in schema:
            _name_types(each, named)
    elif isinstance(schema, dict):
        if "name" in schema and isinstance(schema.get("type"), str):
            named[schema["name"]] = schema
            named[f"{schema.get('namespace', '')}.{schema['name']}"] = schema
        for member in ("type", "items", "values"):
            _name_types(schema.get(member), named)
        for field in schema.get("fields", []):
            _name_types(field["type"], named)


def _value(file: IO[bytes], schema: Any, named: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return _value(file, schema[_long(file)], named)
    if isinstance(schema, str):
        return _PRIMITIVES[schema](file) if schema in _PRIMITIVES else _value(file, named[schema], named)
    kind = schema["type"]
    if kind == "record":
        return {field["name"]: _value(file, field["type"], named) for field in schema["fields"]}
    if kind == "array":
        return [
            item for count in _blocks(file) for item in [_value(file, schema["items"], named) for _ in range(count)]
        ]
    if kind == "map":
        return _map(file, lambda source: _value(source, schema["values"], named))
    if kind == "enum":
        return schema["symbols"][_long(file)]
    raw = _exactly(file, schema["size"]) if kind == "fixed" else _value(file, kind, named)
    return _logical(raw, schema)


def _logical(value: Any, schema: dict[str, Any]) -> Any:
    kind = schema.get("logicalType")
    if kind == "date":
        return date(1970, 1, 1) + timedelta(days=value)
    if kind in ("timestamp-millis", "timestamp-micros"):
        return _EPOCH + timedelta(microseconds=value * (1000 if kind == "timestamp-millis" else 1))
    if kind == "decimal":
        return Decimal(int.from_bytes(value, "big", signed=True)).scaleb(-schema.get("scale", 0))
    return value


def _blocks(file: IO[bytes]) -> Iterator[int]:
    while count := _long(file):
        if count < 0:  # followed by the size of the block
            _long(file)
        yield abs(count)


def _map(file: IO[bytes], read: Any) -> dict[str, Any]:
    found = {}
    for count in _blocks(file):
        for _ in range(count):
            name = _bytes(file).decode()
            found[name] = read(file)
    return found


def _long(file: IO[bytes], begins: bytes = b"") -> int:
    """Read a variable-length, zigzag-coded number."""
    value = shift = 0
    while True:
        byte = (begins or _exactly(file, 1))[0]
        begins = b""
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return (value >> 1) ^ -(value & 1)
        shift += 7


def _bytes(file: IO[bytes]) -> bytes:
    return _exactly(file, _long(file))


def _exactly(file: IO[bytes], size: int) -> bytes:
    found = file.read(size)
    if len(found) < size:
        raise EOFError("the file ends in the middle of a record")
    return found


_PRIMITIVES: dict[str, Any] = {
    "null": lambda file: None,
    "boolean": lambda file: _exactly(file, 1) == b"\x01",
    "int": _long,
    "long": _long,
    "float": lambda file: struct.unpack("<f", _exactly(file, 4))[0],
    "double": lambda file: struct.unpack("<d", _exactly(file, 8))[0],
    "bytes": _bytes,
    "string": lambda file: _bytes(file).decode(),
}
