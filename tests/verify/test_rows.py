"""Rows held against rows: order does not count, every value does."""

from datetime import datetime, timezone
from io import StringIO
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from glue_local.cli.steps import show_differences
from glue_local.verify.copies import Copies
from glue_local.verify.definition import Verification
from glue_local.verify.rows import compare, load, read_tables, save

ONE = {"site": "A14", "km": 1.5, "speed": 38.0, "jam": 1}
TWO = {"site": "A14", "km": 2.5, "speed": 98.0, "jam": 0}


def test_the_same_rows_in_another_order_are_equal() -> None:
    assert compare({"sites": [ONE, TWO], "none": []}, {"sites": [TWO, ONE]}) == {}


def test_a_row_with_another_value_is_told_by_its_column() -> None:
    found = compare({"sites": [ONE, TWO]}, {"sites": [{**ONE, "jam": 0}, TWO]})
    assert found["sites"].changed == [(ONE, {**ONE, "jam": 0})]
    assert (found["sites"].missing, found["sites"].extra, found["sites"].rows) == ([], [], 1)


def test_rows_that_are_missing_too_many_or_doubled_differ() -> None:
    assert compare({"a": [ONE, TWO]}, {"a": [ONE]})["a"].missing == [TWO]
    assert compare({"a": [ONE]}, {"a": [ONE, ONE]})["a"].extra == [ONE]
    assert compare({"a": [ONE]}, {})["a"].missing == [ONE]
    assert compare({}, {"a": [ONE]})["a"].extra == [ONE]


def test_rows_with_little_in_common_are_no_pair() -> None:
    other = {"site": "E17", "km": 9.0, "speed": 1.0, "jam": 1}
    found = compare({"a": [TWO]}, {"a": [other]})["a"]
    assert (found.missing, found.extra, found.changed) == ([TWO], [other], [])


def test_saved_rows_come_back() -> None:
    assert load(save({"sites": [ONE]})) == {"sites": [ONE]}
    for text in ("[]", '{"a": 1}'):
        with pytest.raises(ValueError, match="not the rows of a verification"):
            load(text)


def test_differences_are_shown_by_row_and_column() -> None:
    out = StringIO()
    differing = compare({"sites": [ONE, *[{**TWO, "km": 100.0 + n, "jam": n} for n in range(12)]]}, {"sites": [{**ONE, "jam": 0}]})  # fmt: skip
    show_differences(Console(file=out, soft_wrap=True, highlight=False), differing)
    text = out.getvalue()
    assert "sites: 13 rows differ" in text
    assert "  ~ site=A14, km=1.5, speed=38.0, jam=1\n      jam: 1 → 0\n" in text
    assert "  - site=A14, km=100.0" in text
    assert "and 2 more" in text


class Reading:
    """A catalog with one partition of one table, and the object that lies there."""

    def __init__(self, rows: pa.Table) -> None:
        sink = pa.BufferOutputStream()
        pq.write_table(rows, sink)
        self.body = sink.getvalue().to_pybytes()

    def get_table(self, **_asked: Any) -> Any:
        return {"Table": {"PartitionKeys": [{"Name": "hour"}]}}

    def get_paginator(self, name: str) -> "Reading":
        self.asked = name
        return self

    def paginate(self, **_asked: Any) -> Any:
        if self.asked == "get_partitions":
            return [{"Partitions": [{"Values": ["07"], "StorageDescriptor": {"Location": "s3://b/t/hour=07"}}]}]
        return [{"Contents": [{"Key": "t/hour=07/_SUCCESS"}, {"Key": "t/hour=07/a.parquet"}]}]

    def get_object(self, **asked: Any) -> Any:
        assert asked["Key"] == "t/hour=07/a.parquet"
        return {"Body": self}

    def read(self) -> bytes:
        return self.body


def test_tables_are_read_with_their_keys_unless_these_are_of_the_arrival(asked: Verification) -> None:
    moment = datetime(2026, 3, 2, 6, 57, tzinfo=timezone.utc)
    reading = Reading(pa.table({"at": pa.array([moment], pa.timestamp("us", "UTC")), "speed": [1 / 3]}))
    copies = Copies("i", "s", "f", "d", "c", ("b", "p"), {}, ("b",), "p")
    found = read_tables(reading, reading, copies, asked)
    row = {"at": "2026-03-02T06:57:00+00:00", "speed": 0.333333}
    assert found["sites"] == [{**row, "hour": "07"}]
    assert found["rejected"] == [row]
