"""DynamoDB tables as a source: parallel scans in Spark's Python workers."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import boto3
from boto3.dynamodb.types import Binary
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession

from ..columns.python_rows import Long, from_records
from ..data_catalog.credentials import dynamodb_client
from ..options import check, number

CONNECTION_TYPES = ("dynamodb",)
_HONOURED = (
    *("dynamodb.input.tableName", "dynamodb.splits", "dynamodb.region"),
    *("dynamodb.sts.roleArn", "dynamodb.sts.roleSessionName"),
)
# How fast to read; the export connector's own options matter only with dynamodb.export, which is refused.
_SPEED = ("dynamodb.throughput.read.percent", "dynamodb.throughput.read.ratio", "dynamodb.consistentRead")
_LONG = 2**63


def frame(spark: SparkSession, options: Mapping[str, Any]) -> DataFrame:
    """Return a table's items; attributes that have several types are choices.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-connect-dynamodb-home.html
    """
    export = options.get("dynamodb.export")
    if export:
        raise NotImplementedError(
            f"dynamodb.export={export} is not emulated: it needs ExportTableToPointInTime. "
            "Read the table itself with dynamodb.input.tableName"
        )
    check("connection_options for dynamodb", options, (*_HONOURED, *_SPEED))
    table = options.get("dynamodb.input.tableName")
    if not table:
        raise ValueError('connection_options for dynamodb must have "dynamodb.input.tableName"')
    splits = number(options, "dynamodb.splits", 1) or 1
    if not 1 <= splits <= 1_000_000:
        raise ValueError(f"dynamodb.splits must be between 1 and 1000000, not {splits}")
    client = client_of(options)
    boto3.client(**client).describe_table(TableName=str(table))  # raises ResourceNotFoundException here, not in a task
    scan = _scanner(client, str(table), splits)
    # Both the schema and the records come from the same scan.
    items = spark.sparkContext.parallelize(range(splits), splits).flatMap(scan)
    return from_records(spark, items.persist(StorageLevel.MEMORY_AND_DISK))


def client_of(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of the client that connection options ask for: region and role."""
    role, name = options.get("dynamodb.sts.roleArn"), options.get("dynamodb.sts.roleSessionName")
    client = dynamodb_client(str(role or ""), str(name or "glue-dynamodb-sts-session"))
    return {**client, **({"region_name": str(options["dynamodb.region"])} if options.get("dynamodb.region") else {})}


def _scanner(client: Mapping[str, Any], table: str, splits: int) -> Callable[[int], Iterator[dict[str, Any]]]:
    def scan(segment: int) -> Iterator[dict[str, Any]]:
        scanned = boto3.resource(**client).Table(table)
        request: dict[str, Any] = {"Segment": segment, "TotalSegments": splits}
        while True:
            page = scanned.scan(**request)
            yield from (_plain(item) for item in page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    return scan


def _plain(value: Any) -> Any:
    """Convert an attribute to the value that Glue reads: numbers become long or double, sets become arrays."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, set):
        return sorted(_plain(one) for one in value)
    if isinstance(value, Binary):
        return bytes(value.value)
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return Long(value) if whole and -_LONG <= value < _LONG else value if whole else float(value)
    return value
