"""Read and update Data Catalog tables and partitions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import boto3
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

Table = dict[str, Any]  # as GetTable returns it
Partition = dict[str, Any]  # as GetPartitions returns it
_ESCAPED = "\"#%'*/:=?\\\x7f{}[]^"
_BATCH = 100  # partitions in one BatchCreatePartition or BatchUpdatePartition


def _glue() -> Any:
    return boto3.client("glue")


def _catalog(catalog_id: str | None) -> dict[str, str]:
    return {"CatalogId": catalog_id} if catalog_id else {}


def table(database: str, name: str, catalog_id: str | None = None) -> Table:
    """Return the table; raises botocore's EntityNotFoundException if it does not exist."""
    return dict(_glue().get_table(DatabaseName=database, Name=name, **_catalog(catalog_id))["Table"])


def partition_keys(described: Table) -> list[str]:
    """Return the names of a table's partition keys."""
    return [key["Name"] for key in described.get("PartitionKeys", [])]


def spark_schema(spark: SparkSession, described: Table) -> StructType:
    """Return a table's columns, partition keys last, as a Spark schema."""
    columns = [*described["StorageDescriptor"].get("Columns", []), *described.get("PartitionKeys", [])]
    text = ", ".join(f"`{column['Name']}` {column.get('Type', 'string')}" for column in columns)
    return spark.createDataFrame([], text).schema if text else StructType([])


def partitions(described: Table, catalog_id: str | None = None, expression: str = "") -> list[Partition]:
    """Return a table's partitions; the catalog evaluates ``expression``."""
    pages = (
        _glue()
        .get_paginator("get_partitions")
        .paginate(
            DatabaseName=described["DatabaseName"],
            TableName=described["Name"],
            ExcludeColumnSchema=True,
            **({"Expression": expression} if expression else {}),
            **_catalog(catalog_id),
        )
    )
    return [partition for page in pages for partition in page["Partitions"]]


def select_partitions(spark: SparkSession, described: Table, found: list[Partition], predicate: str) -> list[Partition]:
    """Return the partitions that match ``predicate``, a Spark SQL expression on the partition keys.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-partitions.html
    """
    if not predicate or not found:
        return found
    names = partition_keys(described)
    rows = [(place, *partition["Values"]) for place, partition in enumerate(found)]
    schema = ", ".join(["`__place` int", *(f"`{name}` string" for name in names)])
    typed = [F.col(f"`{key['Name']}`").cast(key.get("Type", "string")) for key in described["PartitionKeys"]]
    values = spark.createDataFrame(rows, schema)
    values = values.select("__place", *(column.alias(name) for column, name in zip(typed, names, strict=True)))
    return [found[row["__place"]] for row in values.where(predicate).select("__place").collect()]


def hive_folders(described: Table, values: Iterable[Sequence[str]]) -> list[str]:
    """Return the folders of these partitions by Hive's convention, under the table's location."""
    names, root = partition_keys(described), described["StorageDescriptor"]["Location"].rstrip("/")
    return ["/".join([root, *(f"{k}={_escaped(v)}" for k, v in zip(names, one, strict=True))]) for one in values]


def _escaped(value: str) -> str:
    # Hive and Spark escape these characters in folder names.
    return "".join(f"%{ord(one):02X}" if one < " " or one in _ESCAPED else one for one in value)


def add_partitions(described: Table, values: Iterable[Sequence[str]], catalog_id: str | None = None) -> None:
    """Add partitions with these values, located at their Hive folders under the table's location."""
    listed = [tuple(one) for one in values]
    places = {one: f"{folder}/" for one, folder in zip(listed, hive_folders(described, listed), strict=True)}
    register_partitions(described, places, catalog_id)


def register_partitions(described: Table, places: Mapping[tuple[str, ...], str], catalog_id: str | None = None) -> None:
    """Add the partitions with these values at these locations; existing ones are unchanged."""
    inputs = [
        {"Values": list(values), "StorageDescriptor": {**described["StorageDescriptor"], "Location": location}}
        for values, location in places.items()
    ]
    for start in range(0, len(inputs), _BATCH):
        answer = _glue().batch_create_partition(
            DatabaseName=described["DatabaseName"],
            TableName=described["Name"],
            PartitionInputList=inputs[start : start + _BATCH],
            **_catalog(catalog_id),
        )
        _refuse(answer.get("Errors", []))


def _refuse(errors: Iterable[Mapping[str, Any]]) -> None:
    # A partition that already exists is fine.
    for error in errors:
        detail = error["ErrorDetail"]
        if detail["ErrorCode"] != "AlreadyExistsException":
            raise RuntimeError(f"partition {error['PartitionValues']}: {detail['ErrorCode']} {detail['ErrorMessage']}")


def create_or_replace(database: str, table_input: Mapping[str, Any]) -> Table:
    """Create the table, or replace the definition of an existing one; returns the table."""
    client, name = _glue(), str(table_input["Name"])
    try:
        client.update_table(DatabaseName=database, TableInput=table_input)
    except client.exceptions.EntityNotFoundException:
        client.create_table(DatabaseName=database, TableInput=table_input)
    return table(database, name)


def create_or_update(
    database: str, name: str, table_input: Mapping[str, Any], update: bool, catalog_id: str | None = None
) -> Table:
    """Create the table, or with ``update`` add the new columns to an existing one; returns the table."""
    client = _glue()
    try:
        existing = table(database, name, catalog_id)
    except client.exceptions.EntityNotFoundException:
        client.create_table(DatabaseName=database, TableInput={"Name": name, **table_input}, **_catalog(catalog_id))
        return table(database, name, catalog_id)
    known = {column["Name"] for column in existing["StorageDescriptor"].get("Columns", [])}
    fresh = [column for column in table_input["StorageDescriptor"]["Columns"] if column["Name"] not in known]
    if not update or not fresh:
        return existing
    storage = existing["StorageDescriptor"]
    storage["Columns"] = [*storage.get("Columns", []), *fresh]
    members = ("Name", "Description", "Owner", "Retention", "PartitionKeys", "TableType", "Parameters")
    kept = {member: existing[member] for member in members if member in existing}
    client.update_table(
        DatabaseName=database, TableInput={**kept, "StorageDescriptor": storage}, **_catalog(catalog_id)
    )
    return existing
