"""Tables of the Data Catalog over S3: partitions chosen before anything is listed, columns as the table types them."""

import time
from collections.abc import Mapping
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, StructField, StructType

from awsglue import catalog
from awsglue.bookmarks import MAX_BAND_MS, Bookmark, File
from awsglue.options import check
from awsglue.sources.s3 import list_files, read_files

_HONOURED = ("maxBand", "recurse")
_SERDES = {"json": "json", "parquet": "parquet", "orc": "orc", "csv": "csv", "lazysimple": "csv"}


def read_table(
    spark: SparkSession,
    bookmark: Bookmark,
    context: str,
    definition: Mapping[str, Any],
    predicate: str,
    options: Mapping[str, Any],
) -> DataFrame:
    """Return the rows of a table's partitions that match ``predicate``, of files the bookmark has not read.

    Partition keys are columns, typed as in the table, behind the others. Files of json and csv are read by the
    table's columns.
    """
    check(options, _HONOURED, "catalog source")
    keys = definition.get("PartitionKeys") or []
    parts = _partitions(spark, definition, keys, predicate)
    listed = [(values, file) for values, location in parts for file in list_files(spark, location, True)]
    band = int(options.get("maxBand", MAX_BAND_MS))
    wanted = set(bookmark.unread(context, [file for _, file in listed], int(time.time() * 1000), band))
    files = [(values, file) for values, file in listed if file in wanted]
    kind = format_of(definition)
    schema = _schema(spark, definition["StorageDescriptor"].get("Columns", []))
    frame = read_files(spark, [file for _, file in files], kind, _format_options(definition, kind), schema)
    return _with_keys(spark, frame, keys, files)


def format_of(definition: Mapping[str, Any]) -> str:
    """Return the format of a table: its classification, else what its SerDe reads; ValueError when neither tells."""
    storage = definition["StorageDescriptor"]
    for parameters in (definition.get("Parameters") or {}, storage.get("Parameters") or {}):
        if parameters.get("classification"):
            return str(parameters["classification"])
    serde = str(storage.get("SerdeInfo", {}).get("SerializationLibrary", "")).lower()
    for word, kind in _SERDES.items():
        if word in serde:
            return kind
    raise ValueError(f"table {definition['Name']}: neither its classification nor its SerDe tells the format")


def _partitions(
    spark: SparkSession, definition: Mapping[str, Any], keys: list[dict[str, str]], predicate: str
) -> list[tuple[tuple[str, ...], str]]:
    if not keys:
        return [((), definition["StorageDescriptor"]["Location"])]
    every = [
        (tuple(partition["Values"]), partition["StorageDescriptor"]["Location"])
        for partition in catalog.partitions(dict(definition))
    ]
    if not predicate or not every:
        return every
    names = [key["Name"] for key in keys]
    rows = spark.createDataFrame([(*values, n) for n, (values, _) in enumerate(every)], [*names, "glue_partition"])
    typed = rows.select(*(F.col(key["Name"]).cast(key["Type"]).alias(key["Name"]) for key in keys), "glue_partition")
    chosen = {row["glue_partition"] for row in typed.where(predicate).select("glue_partition").collect()}
    return [partition for n, partition in enumerate(every) if n in chosen]


def _schema(spark: SparkSession, columns: list[dict[str, str]]) -> StructType:
    return StructType([StructField(column["Name"], _type(spark, column["Type"])) for column in columns])


def _type(spark: SparkSession, name: str) -> DataType:
    # Hive's spelling of types is Spark's.
    return StructType.fromDDL(f"c {name}").fields[0].dataType


def _format_options(definition: Mapping[str, Any], kind: str) -> dict[str, Any]:
    parameters = definition["StorageDescriptor"].get("SerdeInfo", {}).get("Parameters") or {}
    if kind != "csv":
        return {}
    options = {"separator": parameters.get("field.delim") or parameters.get("separatorChar") or ","}
    header = (definition.get("Parameters") or {}).get("skip.header.line.count", "0")
    return options | ({"withHeader": True} if header == "1" else {})


def _with_keys(
    spark: SparkSession, frame: DataFrame, keys: list[dict[str, str]], files: list[tuple[tuple[str, ...], File]]
) -> DataFrame:
    if not keys:
        return frame
    if not files:
        nothing = [F.lit(None).cast(key["Type"]).alias(key["Name"]) for key in keys]
        return frame.select("*", *nothing)
    # By folder, of which there are few, and not by file.
    folders = {file.path.rsplit("/", 1)[0]: values for values, file in files}
    values_of = F.create_map(
        *(part for folder, values in folders.items() for part in (F.lit(folder), F.array(*map(F.lit, values))))
    )
    folder = F.regexp_replace(F.col("_metadata.file_path"), "/[^/]*$", "")
    values = values_of[folder]
    return frame.select("*", *(values[n].cast(key["Type"]).alias(key["Name"]) for n, key in enumerate(keys)))
