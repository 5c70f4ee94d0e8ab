"""JSON records as one Parquet file, typed by a table of the Glue catalog.

Page: https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from glue_local.delivery.formats.hive_types import arrow_type


class Converted(NamedTuple):
    """A Parquet file (None when no record fits) and, by its place, why a record does not."""

    file: bytes | None
    failures: dict[int, str]


def schema_of(columns: Iterable[Mapping[str, str]]) -> pa.Schema:
    """Return the schema of a table's columns; ValueError for a type that is not covered."""
    return pa.schema([(column["Name"].lower(), arrow_type(column["Type"])) for column in columns])


def convert(records: Iterable[bytes], schema: pa.Schema, compression: str) -> Converted:
    """Convert JSON documents, one a record; keys know no case, what the schema lacks is left out."""
    rows: list[dict[str, Any]] = []
    failures: dict[int, str] = {}
    for place, record in enumerate(records):
        try:
            rows.append(_row(record, schema))
        except (ValueError, TypeError, ArithmeticError, pa.ArrowException) as error:
            failures[place] = str(error)
    if not rows:
        return Converted(None, failures)
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), sink, compression=compression)
    return Converted(sink.getvalue().to_pybytes(), failures)


def _row(record: bytes, schema: pa.Schema) -> dict[str, Any]:
    document = json.loads(record)
    if not isinstance(document, dict):
        raise ValueError("the record is not a JSON object")
    lowered = {key.lower(): value for key, value in document.items()}
    row = {field.name: _value(lowered.get(field.name), field.type, field.name) for field in schema}
    # Arrow checks what is left, a record at a time, so that one bad record is one failure.
    pa.Table.from_pylist([row], schema=schema)
    return row


def _value(value: Any, kind: pa.DataType, name: str) -> Any:
    if value is None:
        return None
    try:
        return _typed(value, kind, name)
    except (ValueError, TypeError, ArithmeticError):
        raise ValueError(f"{name}: {value!r} is no {kind}") from None


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
    # Epoch milliseconds, or text as the SerDes read it; without an offset it is UTC.
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value / 1000, timezone.utc).replace(tzinfo=None)
    moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    return moment.astimezone(timezone.utc).replace(tzinfo=None) if moment.tzinfo else moment
