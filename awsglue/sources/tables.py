"""Read catalog tables: the files of the selected partitions, or the table of a database."""

from collections.abc import Mapping
from functools import reduce
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructField, StructType

from ..columns import choice
from ..columns.errors import COLUMN, records
from ..columns.python_rows import record_reader
from ..data_catalog import catalog_tables, connections
from ..options import check
from . import delimited, dynamodb, formats, jdbc, lakes, table_files
from .listing import File
from .s3 import HONOURED, BookmarkedRead, empty, readable

_SELECTS = ("catalogPartitionPredicate", "push_down_predicate")
_LIBRARIES = {
    "parquet": "parquet",
    "json": "json",
    "orc": "orc",
    "avro": "avro",
    "grok": "grokLog",
    "lazysimple": "csv",
    "opencsv": "csv",
}


def frame(
    spark: SparkSession, table: catalog_tables.Table, predicate: str, options: Mapping[str, Any], read: BookmarkedRead
) -> DataFrame:
    """Return the records of the selected partitions of a catalog table, with the partition keys."""
    connection = table.get("Parameters", {}).get("connectionName")
    if connection:
        if predicate:
            raise NotImplementedError("push_down_predicate is not emulated for JDBC tables: filter the frame instead")
        # A crawler writes database.schema.table as the location of such a table.
        database, _, name = table["StorageDescriptor"]["Location"].partition(".")
        vendor, where = connections.database(connection, None, database)
        return jdbc.frame(spark, vendor, {**where, "dbtable": name, **options}, read)
    if str(table.get("Parameters", {}).get("classification", "")).lower() == "dynamodb":
        # A crawler writes the table's ARN as the location.
        name = table["StorageDescriptor"]["Location"].rpartition("/")[2]
        return dynamodb.frame(spark, {"dynamodb.input.tableName": name, **options})
    lake = lakes.lake_format(table)
    if lake:
        return lakes.read(spark, table, lake, predicate, options)
    return _files_frame(spark, table, predicate, options, read)


def sample(frame: DataFrame, num: int | None) -> list[Any]:
    """Return up to ``num`` records as DynamicRecords."""
    if num is None:
        raise ValueError("a sample needs num, the number of records")
    whole = records(frame)
    record = record_reader(whole.schema)
    return [record(row) for row in whole.limit(num).collect()]


def _files_frame(
    spark: SparkSession, table: catalog_tables.Table, predicate: str, options: Mapping[str, Any], read: BookmarkedRead
) -> DataFrame:
    check("additional_options", options, (*HONOURED, *_SELECTS))
    format, format_options = format_of(table)
    if format == "csv":
        format_options |= {delimited.WIDTH: len(table["StorageDescriptor"].get("Columns", []))}
    roots = {table["StorageDescriptor"]["Location"].rstrip("/"): ()}
    pruned = False
    if catalog_tables.partition_keys(table):
        found = catalog_tables.partitions(table, expression=options.get("catalogPartitionPredicate", ""))
        chosen = catalog_tables.select_partitions(spark, table, found, predicate)
        pruned = bool(options.get("catalogPartitionPredicate")) or len(chosen) < len(found)
        roots = {one["StorageDescriptor"]["Location"].rstrip("/"): tuple(one["Values"]) for one in chosen}
    owner: dict[str, str] = {}

    def listing() -> list[File]:
        found = table_files.files_by_root(table, roots, options.get("exclusions"), pruned)
        owner.update((file.path, root) for file, root in found)
        return readable([file for file, _ in found], options)

    files = read.new(listing, options)
    if not files:
        return empty(spark)
    by_root: dict[str, list[str]] = {}
    for file in files:
        by_root.setdefault(owner[file.path], []).append(file.path)
    read_frame = _read_roots(spark, table, format, format_options, by_root, roots)
    return _typed_by_table(read_frame, table) if format == "csv" else read_frame


def _typed_by_table(frame: DataFrame, table: catalog_tables.Table) -> DataFrame:
    """Apply the catalog's names and types to a CSV table; a column with values that do not parse becomes a choice."""
    columns = table["StorageDescriptor"].get("Columns", [])
    names = frame.columns
    data = [name for name in names if name not in (*catalog_tables.partition_keys(table), COLUMN)]
    renamed = dict(zip(data, (column["Name"] for column in columns), strict=False))
    named = frame.select(*(F.col(f"`{name}`").alias(renamed.get(name, name)) for name in names))
    return choice.cast_strings(named, {column["Name"]: column["Type"] for column in columns})


def _read_roots(
    spark: SparkSession,
    table: catalog_tables.Table,
    format: str,
    options: Mapping[str, Any],
    by_root: Mapping[str, list[str]],
    roots: Mapping[str, tuple[str, ...]],
) -> DataFrame:
    location = table["StorageDescriptor"]["Location"].rstrip("/")
    names = catalog_tables.partition_keys(table)
    types = {key["Name"]: key.get("Type", "string") for key in table.get("PartitionKeys", [])}
    folders = {root: "/".join(f"{n}={v}" for n, v in zip(names, roots[root], strict=True)) for root in by_root}
    hive = [root for root in by_root if names and root == f"{location}/{folders[root]}"]
    frames = []
    if hive:
        keys = StructType([StructField(name, _type(spark, types[name])) for name in names])
        paths = [path for root in hive for path in by_root[root]]
        frames.append(formats.read(spark, format, paths, options, keys, location))
    for root in by_root:
        if root not in hive:
            one = formats.read(spark, format, by_root[root], options, StructType())
            values = zip(names, roots[root], strict=True)
            frames.append(one.withColumns({n: F.lit(v).cast(types[n]) for n, v in values}) if names else one)
    return reduce(lambda left, right: left.unionByName(right, allowMissingColumns=True), frames)


def _type(spark: SparkSession, name: str) -> Any:
    return spark.createDataFrame([], f"value {name}").schema["value"].dataType


def format_of(table: catalog_tables.Table) -> tuple[str, dict[str, Any]]:
    """Return the format of a table's files and its options, from the SerDe or else the classification parameter."""
    storage = table["StorageDescriptor"]
    serde = storage.get("SerdeInfo", {})
    library, parameters = serde.get("SerializationLibrary", "").lower(), serde.get("Parameters", {})
    everything = {**table.get("Parameters", {}), **storage.get("Parameters", {})}
    classification = everything.get("classification", "").lower()
    storage_format = _by_library(library) if library else classification
    if storage_format == "json" and everything.get("jsonPath"):
        path = everything["jsonPath"]
        # An array spans the lines of a file; other documents are lines.
        return "json", {"jsonPath": path, "multiLine": path.startswith("$[")}
    if storage_format in ("parquet", "json", "orc", "avro"):
        return storage_format, {}
    if storage_format == "grokLog":
        custom = parameters.get("input.grokCustomPatterns") or ""
        return "grokLog", {"logFormat": parameters.get("input.format"), "customPatterns": custom}
    if classification == "xml":
        return "xml", {"rowTag": everything.get("rowTag") or parameters.get("rowTag")}
    if storage_format == "csv":
        separator = parameters.get("field.delim") or parameters.get("separatorChar") or everything.get("delimiter", ",")
        skip = everything.get("skip.header.line.count", "0") != "0"
        quote = {"quoteChar": parameters["quoteChar"]} if "quoteChar" in parameters else {}
        return "csv", {"separator": separator, "skipFirst": skip, **quote}
    raise NotImplementedError(
        f"table {table['Name']}: SerDe {library or 'none'!r} with classification {classification or 'none'!r} is not "
        "emulated; use JSON, CSV, Parquet, ORC, Avro, XML or Grok"
    )


def _by_library(library: str) -> str | None:
    return next((format for word, format in _LIBRARIES.items() if word in library), None)
