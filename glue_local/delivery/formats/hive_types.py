"""Arrow types for the Hive types of a table's columns."""

import re

import pyarrow as pa

_SIMPLE = {
    "boolean": pa.bool_(),
    "tinyint": pa.int8(),
    "smallint": pa.int16(),
    "int": pa.int32(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "float": pa.float32(),
    "double": pa.float64(),
    "string": pa.string(),
    "binary": pa.binary(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("ms"),
}
_DECIMAL = re.compile(r"decimal(?:\((\d+)(?:,(\d+))?\))?")
_LENGTH = re.compile(r"(?:var)?char\(\d+\)")


def arrow_type(name: str) -> pa.DataType:
    """Return the Arrow type of a Hive type such as ``array<struct<a:int,b:string>>``; ValueError for an unknown one."""
    text = name.strip().lower().replace(" ", "")
    if text in _SIMPLE:
        return _SIMPLE[text]
    if _LENGTH.fullmatch(text):
        return pa.string()
    decimal = _DECIMAL.fullmatch(text)
    if decimal:
        return pa.decimal128(int(decimal.group(1) or 10), int(decimal.group(2) or 0))
    outer, _, inner = text.partition("<")
    if outer in ("array", "map", "struct") and inner.endswith(">"):
        return _nested(outer, _split(inner[:-1]))
    raise ValueError(f"the column type {name!r} is not supported by record format conversion")


def _nested(outer: str, parts: list[str]) -> pa.DataType:
    if outer == "array":
        return pa.list_(arrow_type(parts[0]))
    if outer == "map":
        return pa.map_(arrow_type(parts[0]), arrow_type(parts[1]))
    members = [part.split(":", 1) for part in parts]
    return pa.struct([(name, arrow_type(kind)) for name, kind in members])


def _split(text: str) -> list[str]:
    """Split at commas that are not inside brackets."""
    parts, depth, start = [], 0, 0
    for place, character in enumerate(text):
        depth += (character in "<(") - (character in ">)")
        if character == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]
