"""Hudi's sync to the catalog: Hudi's own client would talk to a Hive metastore, so the table is written to Glue instead.

Page: https://hudi.apache.org/docs/syncing_metastore
"""

import functools
from collections.abc import Mapping
from typing import Any

import boto3
from pyspark.sql import DataFrame, DataFrameWriter, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import TimestampType

from ..sources.listing import below, without_slash
from . import catalog_tables

_HIVE = "hoodie.datasource.hive_sync."
_ENABLED = (f"{_HIVE}enable", "hoodie.datasource.meta.sync.enable")
_OPTIONS = (
    *_ENABLED,
    *(f"{_HIVE}{name}" for name in ("database", "table", "partition_fields", "support_timestamp", "skip_ro_suffix")),
    *(f"{_HIVE}{name}" for name in ("auto_create_database", "partition_extractor_class")),
    *("hoodie.table.name", "hoodie.datasource.write.partitionpath.field", "hoodie.datasource.write.table.type"),
    *("hoodie.database.name", "path"),
)
_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"
_HADOOP = "org.apache.hudi.hadoop"
_INPUT_FORMATS = {
    "ro": f"{_HADOOP}.HoodieParquetInputFormat",
    "rt": f"{_HADOOP}.realtime.HoodieParquetRealtimeInputFormat",
}


def attach_to_writers() -> None:
    """Let ``DataFrameWriter.save`` of a Hudi table end in the Glue Data Catalog if sync is enabled."""
    save = DataFrameWriter.save

    @functools.wraps(save)
    def save_and_sync(
        self: Any, path: Any = None, format: Any = None, mode: Any = None, *args: Any, **more: Any
    ) -> None:
        options = _options_of(self._jwrite, more)
        source = str(format or _field(self._jwrite, "source")).lower()
        if source not in ("hudi", "org.apache.hudi") or not any(_true(options, name) for name in _ENABLED):
            save(self, path, format, mode, *args, **more)
            return
        save(self.options(**dict.fromkeys(_ENABLED, "false")), path, format, mode, *args, **_without_sync(more))
        sync(self._spark, str(path or options["path"]), options)

    DataFrameWriter.save = save_and_sync


def sync(spark: SparkSession, path: str, options: Mapping[str, str]) -> None:
    """Create or update the catalog's table, or the two of a merge-on-read table, and add new partitions."""
    place = without_slash(path)
    rows = spark.read.format("hudi").load(place)
    database = options.get(f"{_HIVE}database") or options.get("hoodie.database.name") or "default"
    name = options.get(f"{_HIVE}table") or options["hoodie.table.name"]
    _ensure_database(database, _true(options, f"{_HIVE}auto_create_database", "true"))
    keys = _keys(options)
    for table, kind in _tables(name, options).items():
        described = _table_input(table, kind, rows, place, keys, options)
        made = catalog_tables.create_or_replace(database, described)
        if keys:
            catalog_tables.register_partitions(made, _partitions(rows, place, keys))


def _tables(name: str, options: Mapping[str, str]) -> dict[str, str]:
    """Return the catalog's tables with how each is read: read-optimized (ro) or real-time (rt)."""
    if options.get("hoodie.datasource.write.table.type", "").upper() != "MERGE_ON_READ":
        return {name: "ro"}
    optimized = name if _true(options, f"{_HIVE}skip_ro_suffix") else f"{name}_ro"
    return {optimized: "ro", f"{name}_rt": "rt"}


def _keys(options: Mapping[str, str]) -> list[str]:
    if "NonPartitioned" in options.get(f"{_HIVE}partition_extractor_class", ""):
        return []
    given = options.get(f"{_HIVE}partition_fields") or options.get("hoodie.datasource.write.partitionpath.field", "")
    # Hudi's custom key generator writes name:type.
    return [field.strip().partition(":")[0] for field in given.split(",") if field.strip()]


def _table_input(
    name: str, kind: str, rows: DataFrame, path: str, keys: list[str], options: Mapping[str, str]
) -> dict[str, Any]:
    timestamps = _true(options, f"{_HIVE}support_timestamp")
    columns = {
        one.name: "bigint"
        if isinstance(one.dataType, TimestampType) and not timestamps
        else one.dataType.simpleString()
        for one in rows.schema.fields
    }
    latest = rows.agg(F.max("_hoodie_commit_time")).collect()[0][0]
    as_read_optimized = str(kind == "ro" and name.endswith("_ro")).lower()
    return {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {
            **{"EXTERNAL": "TRUE", "spark.sql.sources.provider": "hudi", "classification": "hudi"},
            **({"last_commit_time_sync": str(latest)} if latest else {}),
        },
        "PartitionKeys": [{"Name": key, "Type": columns.get(key, "string")} for key in keys],
        "StorageDescriptor": {
            "Columns": [{"Name": one, "Type": kind} for one, kind in columns.items() if one not in keys],
            "Location": path,
            "InputFormat": _INPUT_FORMATS[kind],
            "OutputFormat": f"{_PARQUET}.MapredParquetOutputFormat",
            "SerdeInfo": {
                "SerializationLibrary": f"{_PARQUET}.serde.ParquetHiveSerDe",
                "Parameters": {"hoodie.query.as.ro.table": as_read_optimized, "path": path},
            },
        },
    }


def _partitions(rows: DataFrame, path: str, keys: list[str]) -> dict[tuple[str, ...], str]:
    found = [row[0] for row in rows.select("_hoodie_partition_path").distinct().collect()]
    return {_values(folder, keys): below(path, folder) for folder in found if folder}


def _values(folder: str, keys: list[str]) -> tuple[str, ...]:
    """Return the values in a partition's path: ``k=v`` or plain values, or a date with slashes for a single key."""
    parts = [part.partition("=")[2] if "=" in part else part for part in folder.split("/")]
    if len(parts) == len(keys):
        return tuple(parts)
    if len(keys) == 1:
        return ("-".join(parts),)
    raise ValueError(f"hive_sync.partition_fields: {', '.join(keys)} do not match the partition path {folder!r}")


def _ensure_database(name: str, create: bool) -> None:
    glue = boto3.client("glue")
    try:
        glue.get_database(Name=name)
    except glue.exceptions.EntityNotFoundException:
        if not create:
            raise
        glue.create_database(DatabaseInput={"Name": name})


def _options_of(writer: Any, more: Mapping[str, Any]) -> dict[str, str]:
    given = _field(writer, "extraOptions")
    found = {name: given.get(name) for name in _OPTIONS}
    options = {name: str(value.get()) for name, value in found.items() if value.isDefined()}
    return {**options, **{name: str(value) for name, value in more.items() if value is not None}}


def _without_sync(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in _ENABLED}


def _field(writer: Any, name: str) -> Any:
    # Spark's writer does not expose its options.
    field = writer.getClass().getDeclaredField(name)
    field.setAccessible(True)
    return field.get(writer)


def _true(options: Mapping[str, str], name: str, default: str = "false") -> bool:
    return str(options.get(name, default)).lower() == "true"
