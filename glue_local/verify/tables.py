"""Read the rows of tables like any AWS client: from the Glue catalog and Parquet files in S3."""

from collections.abc import Iterator
from datetime import date, datetime, timezone
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from glue_local.verify.copies import Copies
from glue_local.verify.definition import Verification
from glue_local.verify.rows import Row, Tables, text_of

# Executors add numbers in varying order, so that the last bits of a sum vary too.
_DECIMALS = 6


def read_tables(glue: Any, s3: Any, copies: Copies, asked: Verification) -> Tables:
    """Return the rows of each table that is compared, as JSON values, with partition keys as columns unless by arrival."""
    return {
        name: sorted(_table(glue, s3, copies.database, name, name not in asked.by_arrival), key=text_of)
        for name in asked.tables
    }


def _table(glue: Any, s3: Any, database: str, name: str, keyed: bool) -> Iterator[Row]:
    keys = [each["Name"] for each in glue.get_table(DatabaseName=database, Name=name)["Table"].get("PartitionKeys", [])]
    pages = glue.get_paginator("get_partitions").paginate(DatabaseName=database, TableName=name)
    for partition in (each for page in pages for each in page["Partitions"]):
        values = dict(zip(keys, partition["Values"], strict=True)) if keyed else {}
        for row in _rows(s3, partition["StorageDescriptor"]["Location"]):
            yield {**{column: _plain(value) for column, value in row.items()}, **values}


def _rows(s3: Any, location: str) -> Iterator[Row]:
    bucket, _, prefix = location.removeprefix("s3://").partition("/")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix.rstrip("/") + "/"):
        for item in page.get("Contents", []):
            if item["Key"].endswith(".parquet"):
                body = s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
                yield from pq.ParquetFile(pa.BufferReader(body)).read().to_pylist()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        # Spark writes instants; older writers omit the time zone.
        moment = value.astimezone(timezone.utc) if value.tzinfo else value.replace(tzinfo=timezone.utc)
        return moment.isoformat()
    if isinstance(value, float):
        return round(value, _DECIMALS)
    return value.isoformat() if isinstance(value, date) else value
