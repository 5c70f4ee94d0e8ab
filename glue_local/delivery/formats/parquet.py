"""Conversion of JSON records to a Parquet file with the schema of a Glue table.

Page: https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from glue_local.delivery.formats.hive_types import arrow_type

# AWS accepts seconds and milliseconds without a documented rule to distinguish them. As seconds this is the year 5138.
_MILLISECONDS_FROM = 10**11
# yyyy-MM-dd'T'HH:mm:ss[.S]'Z' and yyyy-[M]M-[d]d HH:mm:ss[.S], up to nine digits; without an offset it is UTC.
_TEXT = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})?")
_DECODER = json.JSONDecoder()


class Failure(NamedTuple):
    """The reason why a record cannot be converted, in the format of Firehose's error records."""

    code: str
    message: str


class Converted(NamedTuple):
    """A Parquet file (None without a valid record), and the failures by position of the record."""

    file: bytes | None
    failures: dict[int, Failure]


def schema_of(columns: Iterable[Mapping[str, str]]) -> pa.Schema:
    """Return the schema of a table's columns; raises ValueError for an unsupported type."""
    return pa.schema([(column["Name"].lower(), arrow_type(column["Type"])) for column in columns])


def convert(records: Iterable[bytes], schema: pa.Schema, compression: str) -> Converted:
    """Convert JSON documents, one or more per record. Keys are case-insensitive; keys that the schema lacks are dropped.

    If one document of a record cannot be converted, the whole record fails.
    """
    rows: list[dict[str, Any]] = []
    failures: dict[int, Failure] = {}
    for place, record in enumerate(records):
        try:
            documents = _documents(record.decode())
        except (ValueError, RecursionError) as error:
            failures[place] = Failure("DataFormatConversion.ParseError", f"Encountered malformed JSON. {error}")
            continue
        try:
            rows += _rows(documents, schema)
        except (ValueError, TypeError, ArithmeticError, pa.ArrowException) as error:
            failures[place] = Failure("DataFormatConversion.MalformedData", str(error))
    if not rows:
        return Converted(None, failures)
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), sink, compression=compression)
    return Converted(sink.getvalue().to_pybytes(), failures)


def _documents(text: str) -> list[Any]:
    """Return the JSON documents of a text, which may be separated by white space."""
    documents, rest = [], text.strip()
    while rest:
        document, end = _DECODER.raw_decode(rest)
        documents.append(document)
        rest = rest[end:].lstrip()
    return documents


def _rows(documents: list[Any], schema: pa.Schema) -> list[dict[str, Any]]:
    if not documents:
        raise ValueError("The record was empty or contained only whitespace.")
    return [_row(document, schema) for document in documents]


def _row(document: Any, schema: pa.Schema) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise ValueError("Data does not match the schema. The record is not a JSON object.")
    lowered = {key.lower(): value for key, value in document.items()}
    row = {field.name: _value(lowered.get(field.name), field.type, field.name) for field in schema}
    # Arrow checks the rest, record by record, so that one invalid record is one failure.
    pa.Table.from_pylist([row], schema=schema)
    return row


def _value(value: Any, kind: pa.DataType, name: str) -> Any:
    if value is None:
        return None
    try:
        return _typed(value, kind, name)
    except (ValueError, TypeError, ArithmeticError):
        raise ValueError(f"Data does not match the schema. {name}: {value!r} is not of type {kind}") from None


def _typed(value: Any, kind: pa.DataType, name: str) -> Any:
    if pa.types.is_string(kind):
        return value if isinstance(value, str) else json.dumps(value)
    if pa.types.is_boolean(kind):
        return _boolean(value)
    if pa.types.is_integer(kind):
        return int(value)
    if pa.types.is_floating(kind):
        return float(value)
    if pa.types.is_decimal(kind):
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-kind.scale))
    if pa.types.is_timestamp(kind):
        return _instant(value)
    if pa.types.is_date(kind):
        return date.fromisoformat(value)
    return _nested(value, kind, name)


def _nested(value: Any, kind: pa.DataType, name: str) -> Any:
    if pa.types.is_list(kind):
        return [_value(one, kind.value_type, name) for one in value]
    if pa.types.is_map(kind):
        return [(key, _value(one, kind.item_type, name)) for key, one in value.items()]
    if pa.types.is_struct(kind):
        lowered = {key.lower(): one for key, one in value.items()}
        return {part.name: _value(lowered.get(part.name), part.type, f"{name}.{part.name}") for part in kind}
    return value


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}[str(value).lower()] if str(value).lower() in ("true", "false") else _no(value)


def _no(value: Any) -> bool:
    raise ValueError(value)


def _instant(value: Any) -> datetime:
    if isinstance(value, bool):
        raise ValueError(value)
    if isinstance(value, float):
        return _of_epoch(value)
    if isinstance(value, int):
        return _of_epoch(value / 1000 if abs(value) >= _MILLISECONDS_FROM else value)
    found = _TEXT.fullmatch(str(value))
    if found is None:
        raise ValueError(value)
    year, month, day, time, fraction, offset = found.groups()
    micros = (fraction or "").ljust(6, "0")[:6]
    zone = {None: "", "Z": "+00:00"}.get(offset, offset)
    moment = datetime.fromisoformat(f"{year}-{int(month):02}-{int(day):02}T{time}.{micros}{zone}")
    return moment.astimezone(timezone.utc).replace(tzinfo=None) if moment.tzinfo else moment


def _of_epoch(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)
