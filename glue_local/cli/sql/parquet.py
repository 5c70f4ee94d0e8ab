"""Write results as Parquet, with the Parquet types of Athena's types."""

from itertools import islice
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from glue_local.cli.sql.session import Answer
from glue_local.client.athena import Column
from glue_local.client.athena_values import records

_TYPES = {
    "boolean": pa.bool_(),
    "tinyint": pa.int8(),
    "smallint": pa.int16(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "float": pa.float32(),
    "double": pa.float64(),
    "date": pa.date32(),
    "time": pa.time64("us"),
    "timestamp": pa.timestamp("us"),
    "timestamp with time zone": pa.timestamp("us", "UTC"),
    "varbinary": pa.binary(),
}
_BATCH = 50_000  # rows held in memory


def write(answer: Answer, to: IO[bytes]) -> None:
    """Write a result as one Parquet file. Values of other types, such as arrays, are written as text."""
    columns = answer.result.columns
    schema = pa.schema(pa.field(each.name, _type(each)) for each in columns)
    rows = records(columns, answer.result.rows)
    with pq.ParquetWriter(to, schema) as writer:
        while batch := list(islice(rows, _BATCH)):
            writer.write_table(pa.Table.from_pylist(batch, schema))


def _type(column: Column) -> pa.DataType:
    if column.type == "decimal":
        return pa.decimal128(column.precision, column.scale)
    return _TYPES.get(column.type, pa.string())
