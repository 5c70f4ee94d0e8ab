"""The catalog told of what a sink wrote: its table, and the partitions that are new."""

from collections.abc import Sequence
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from awsglue import catalog
from awsglue.paths import quoted

_HADOOP, _HIVE = "org.apache.hadoop.mapred", "org.apache.hadoop.hive.ql.io"
_STORAGE = {
    "parquet": (
        f"{_HIVE}.parquet.MapredParquetInputFormat",
        f"{_HIVE}.parquet.MapredParquetOutputFormat",
        f"{_HIVE}.parquet.serde.ParquetHiveSerDe",
    ),
    "json": (
        f"{_HADOOP}.TextInputFormat",
        f"{_HIVE}.HiveIgnoreKeyTextOutputFormat",
        "org.openx.data.jsonserde.JsonSerDe",
    ),
    "csv": (
        f"{_HADOOP}.TextInputFormat",
        f"{_HIVE}.HiveIgnoreKeyTextOutputFormat",
        "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
    ),
}


def update_catalog(
    frame: DataFrame, database: str, table_name: str, path: str, keys: Sequence[str], format: str, *, behaviour: str
) -> None:
    """Create the table, or bring its columns up to date unless ``behaviour`` is LOG; add the partitions written."""
    definition = _table_input(frame, table_name, path, keys, format)
    catalog.write_table(database, definition, update=behaviour != "LOG")
    add_written_partitions(frame, catalog.table(database, table_name), path, keys)


def add_written_partitions(frame: DataFrame, definition: dict[str, Any], path: str, keys: Sequence[str]) -> None:
    """Add the partitions that a frame's rows lie in."""
    if not keys:
        return
    rows = frame.select(*(F.col(quoted(key)).cast("string") for key in keys)).distinct().collect()
    root = path.rstrip("/")
    locations = {
        tuple(row): "/".join([root, *(f"{key}={value}" for key, value in zip(keys, row, strict=True))]) + "/"
        for row in rows
    }
    catalog.add_partitions(definition, locations)


def _table_input(frame: DataFrame, name: str, path: str, keys: Sequence[str], format: str) -> dict[str, Any]:
    kind = "parquet" if format == "glueparquet" else format.lower()
    if kind not in _STORAGE:
        raise ValueError(f"the catalog cannot be updated for the format {format!r}: json, csv and parquet can")
    reader, writer, serde = _STORAGE[kind]
    types = {field.name: field.dataType.simpleString() for field in frame.schema.fields}
    return {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"classification": kind, "EXTERNAL": "TRUE"},
        "PartitionKeys": [{"Name": key, "Type": types[key]} for key in keys],
        "StorageDescriptor": {
            "Location": path,
            "InputFormat": reader,
            "OutputFormat": writer,
            "SerdeInfo": {"SerializationLibrary": serde},
            "Columns": [{"Name": column, "Type": kind} for column, kind in types.items() if column not in keys],
        },
    }
