"""Avro: the schema is in the header of the file, so no library is needed."""

import io
import json
from typing import Any

from glue_local.crawl.formats.found import Found
from glue_local.crawl.sample import Sample
from glue_local.crawl.types import MAP, STRING, Columns, Type, merge

_MAGIC = b"Obj\x01"
_NAMES = {
    "int": "int",
    "long": "bigint",
    "float": "float",
    "double": "double",
    "boolean": "boolean",
    "string": STRING,
    "bytes": "binary",
    "fixed": "binary",
    "enum": STRING,
}
_LOGICAL = {"date": "date", "timestamp-millis": "timestamp", "timestamp-micros": "timestamp"}
_SYNC = 16  # bytes after the metadata and after each block


def recognise(sample: Sample) -> Found | None:
    """Return the fields of a file's schema, and the number of records by its first block."""
    if not sample.head.startswith(_MAGIC):
        return None
    stream = io.BytesIO(sample.head[len(_MAGIC) :])
    try:
        text = _metadata(stream)["avro.schema"].decode()
        schema = json.loads(text)
        fields = schema["fields"]
    except (KeyError, ValueError, TypeError, IndexError):
        return None
    columns = columns_of_fields(fields)
    stream.read(_SYNC)
    try:
        in_block, length = _long(stream), _long(stream)
    except IndexError:  # no block: a file without records
        in_block, length = 0, 0
    size = length / in_block if in_block else 0.0
    records = in_block * max(round(sample.size / (length + _SYNC)), 1) if in_block else 0.0
    literal = {"avro.schema.literal": text}
    serde = {**literal, "serialization.format": "1"}
    return Found("avro", "none", columns, records, size, serde, literal)


def columns_of_fields(fields: list[dict[str, Any]]) -> Columns:
    """Return the columns of the fields of a record."""
    return {field["name"]: _type(field["type"], {}) for field in fields}


def _metadata(stream: io.BytesIO) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    while count := _long(stream):
        if count < 0:  # followed by the size of the block
            count = -count
            _long(stream)
        for _ in range(count):
            name = stream.read(_long(stream)).decode()
            found[name] = stream.read(_long(stream))
    return found


def _long(stream: io.BytesIO) -> int:
    """Read a variable-length, zigzag-coded number."""
    value = shift = 0
    while True:
        byte = stream.read(1)[0]
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return (value >> 1) ^ -(value & 1)
        shift += 7


def _type(schema: Any, named: dict[str, Type]) -> Type:
    if isinstance(schema, str):
        return named.get(schema, _NAMES.get(schema, STRING))
    if isinstance(schema, list):
        found: Type = None
        for each in schema:
            if each != "null":
                found = merge(found, _type(each, named))
        return found
    logical = schema.get("logicalType")
    if logical == "decimal":
        return f"decimal({schema['precision']},{schema.get('scale', 0)})"
    return _LOGICAL.get(logical) or _complex(schema, named)


def _complex(schema: dict[str, Any], named: dict[str, Type]) -> Type:
    kind = schema["type"]
    if kind == "array":
        return ("array", _type(schema["items"], named))
    if kind == "map":
        return (f"{MAP}{STRING}", _type(schema["values"], named))
    if kind == "record":
        # A record that contains itself has no type in Hive; its inner occurrence is text.
        named[schema["name"]] = STRING
        named[schema["name"]] = ("struct", {each["name"]: _type(each["type"], named) for each in schema["fields"]})
        return named[schema["name"]]
    if isinstance(kind, dict | list):
        return _type(kind, named)
    named[schema.get("name", "")] = _NAMES.get(kind, STRING)
    return _NAMES.get(kind, STRING)
