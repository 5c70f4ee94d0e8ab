"""DynamoDB tables as a sink: batches of PutItem in Spark's Python workers."""

import datetime
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import boto3
from pyspark.sql import DataFrame, Row

from ..columns.python_rows import record_reader
from ..options import check
from ..sources.dynamodb import client_of

_HONOURED = (
    *("dynamodb.output.tableName", "dynamodb.region"),
    *("dynamodb.sts.roleArn", "dynamodb.sts.roleSessionName"),
)
_SPEED = (
    *("dynamodb.throughput.write.percent", "dynamodb.throughput.write.ratio"),
    *("dynamodb.output.numParallelTasks", "dynamodb.output.retry"),
)


def write(frame: DataFrame, options: Mapping[str, Any]) -> None:
    """Put each row as an item; an item with the same key is replaced, and null values are left out.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-connect-dynamodb-home.html
    """
    check("connection_options for dynamodb", options, (*_HONOURED, *_SPEED))
    table = options.get("dynamodb.output.tableName")
    if not table:
        raise ValueError('connection_options for dynamodb must have "dynamodb.output.tableName"')
    client = client_of(options)
    key = boto3.client(**client).describe_table(TableName=str(table))["Table"]["KeySchema"]
    if frame.columns:
        keys = [one["AttributeName"] for one in key]
        frame.rdd.foreachPartition(_putter(client, str(table), keys, record_reader(frame.schema)))


def _putter(
    client: Mapping[str, Any], table: str, keys: list[str], record: Callable[[Any], Any]
) -> Callable[[Iterator[Row]], None]:
    def put(rows: Iterator[Row]) -> None:
        # The last of several rows with the same key wins, which one batch could not hold.
        with boto3.resource(**client).Table(table).batch_writer(overwrite_by_pkeys=keys) as batch:
            for row in rows:
                batch.put_item(Item=_attribute(record(row)))

    return put


def _attribute(value: Any) -> Any:
    """Convert a value to what boto3 stores: numbers are decimals, times are ISO 8601 strings."""
    if isinstance(value, dict):
        return {str(name): _attribute(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_attribute(one) for one in value]
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    return bytes(value) if isinstance(value, bytearray) else value
