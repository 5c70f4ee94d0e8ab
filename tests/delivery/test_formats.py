"""Arrow types for Hive types, and JSON values converted to them."""

import io
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from glue_local.delivery.formats.hive_types import arrow_type
from glue_local.delivery.formats.parquet import convert, schema_of


def test_types_nest() -> None:
    assert arrow_type("array<struct<a:int,b:map<string,decimal(5,2)>>>") == pa.list_(
        pa.struct([("a", pa.int32()), ("b", pa.map_(pa.string(), pa.decimal128(5, 2)))])
    )
    with pytest.raises(ValueError, match="uniontype"):
        arrow_type("uniontype<int,string>")


@pytest.mark.parametrize(
    ("kind", "value", "converted"),
    [
        ("int", "12", 12),
        ("double", 3, 3.0),
        ("boolean", "true", True),
        ("string", {"a": 1}, '{"a": 1}'),
        ("timestamp", "2026-03-29T01:30:00+01:00", datetime(2026, 3, 29, 0, 30)),  # noqa: DTZ001 - Parquet's are without zone
        ("timestamp", 0, datetime(1970, 1, 1)),  # noqa: DTZ001 - as above
        # AWS's examples from the page on record format conversion.
        ("timestamp", "2017-02-07T15:13:01.39256Z", datetime(2017, 2, 7, 15, 13, 1, 392000)),  # noqa: DTZ001
        ("timestamp", "2017-2-7 15:13:01.14", datetime(2017, 2, 7, 15, 13, 1, 140000)),  # noqa: DTZ001
        ("timestamp", 1518033528123, datetime(2018, 2, 7, 19, 58, 48, 123000)),  # noqa: DTZ001
        ("timestamp", 1518033528, datetime(2018, 2, 7, 19, 58, 48)),  # noqa: DTZ001
        ("timestamp", 1518033528.123, datetime(2018, 2, 7, 19, 58, 48, 123000)),  # noqa: DTZ001
        ("date", "2026-03-29", date(2026, 3, 29)),
        ("decimal(5,2)", 1.5, Decimal("1.50")),
        ("struct<a:int>", {"A": 1}, {"a": 1}),
        ("int", None, None),
    ],
)
def test_values_are_converted_to_the_columns_type(kind: str, value: Any, converted: Any) -> None:
    made = convert([json.dumps({"c": value}).encode()], schema_of([{"Name": "c", "Type": kind}]), "SNAPPY")
    assert made.failures == {}
    assert made.file is not None
    assert pq.read_table(io.BytesIO(made.file)).to_pylist() == [{"c": converted}]


def test_a_record_may_hold_several_documents() -> None:
    records = [b'{"c": 1}{"c": 2}\n {"c": 3}\n', b'{"c": 4}{"c": "x"}', b" "]
    made = convert(records, schema_of([{"Name": "c", "Type": "int"}]), "SNAPPY")
    assert list(made.failures) == [1, 2], "as a whole, so that a retry does not duplicate documents"
    assert made.file is not None
    assert pq.read_table(io.BytesIO(made.file)).to_pylist() == [{"c": 1}, {"c": 2}, {"c": 3}]


@pytest.mark.parametrize(
    ("kind", "record", "code"),
    [
        ("int", b'{"c": "x"}', "MalformedData"),
        ("timestamp", b'{"c": true}', "MalformedData"),
        ("timestamp", b'{"c": "yesterday"}', "MalformedData"),
        ("tinyint", b'{"c": 300}', "MalformedData"),
        ("boolean", b'{"c": 2}', "MalformedData"),
        ("int", b"[1]", "MalformedData"),
        ("int", b" ", "MalformedData"),
        ("int", b'{"c": ', "ParseError"),
        ("int", b"\xff", "ParseError"),
        ("int", b"[" * 100_000, "ParseError"),
    ],
)
def test_an_invalid_record_fails_alone(kind: str, record: bytes, code: str) -> None:
    made = convert([record, b'{"c": null}'], schema_of([{"Name": "c", "Type": kind}]), "NONE")
    assert {place: failure.code for place, failure in made.failures.items()} == {0: f"DataFormatConversion.{code}"}
    assert made.file is not None
