"""Tables read from a catalog and its Parquet files."""

from datetime import datetime, timezone
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from glue_local.verify.copies import Copies
from glue_local.verify.definition import Verification
from glue_local.verify.tables import read_tables


class Reading:
    """A catalog with one partition of one table, and its object."""

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


def test_tables_are_read_with_their_keys_except_arrival_times(asked: Verification) -> None:
    moment = datetime(2026, 3, 2, 6, 57, tzinfo=timezone.utc)
    reading = Reading(pa.table({"at": pa.array([moment], pa.timestamp("us", "UTC")), "speed": [1 / 3]}))
    copies = Copies("i", "s", "f", "d", "c", ("b", "p"), {}, ("b",), "p")
    found = read_tables(reading, reading, copies, asked)
    row = {"at": "2026-03-02T06:57:00+00:00", "speed": 0.333333}
    assert found["sites"] == [{**row, "hour": "07"}]
    assert found["rejected"] == [row]
