"""Files as a source: listed once, only the new ones with a bookmark, read in as few Spark reads as there are layouts."""

from collections.abc import Mapping
from functools import reduce
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructField, StructType

from awsglue import catalog, choice
from awsglue.bookmarks import Bookmarks, bounds
from awsglue.options import check
from awsglue.sources import formats, tables
from awsglue.sources.listing import File, files_of

HONOURED = (
    *("paths", "path", "recurse", "exclusions", "compressionType"),
    *("maxBand", "maxFilesInBand", "boundedFiles", "boundedSize"),
)
_SELECTS = ("catalogPartitionPredicate", "push_down_predicate")


def frame(
    spark: SparkSession, format: str, options: Mapping[str, Any], format_options: Mapping[str, Any], read: "Reading"
) -> DataFrame:
    """Return the records of the files at ``paths``; an empty frame without columns when there are none."""
    formats.known(format)
    check("connection_options for s3", options, HONOURED)
    files = read.new(lambda: files_of(options, format), options)
    if not files:
        return empty(spark)
    return formats.read(spark, format, [file.path for file in files], format_options, StructType())


def empty(spark: SparkSession) -> DataFrame:
    """Return a frame without columns and records, as Glue does for nothing new."""
    return spark.createDataFrame([], StructType([]))


class Reading:
    """What a read may skip: the bookmark of one transformation_ctx, if it has one."""

    def __init__(self, bookmarks: Bookmarks | None, context: str) -> None:
        self._bookmarks, self._context = bookmarks, context

    def new(self, listing: Any, options: Mapping[str, Any]) -> list[File]:
        """Return the files that ``listing`` finds and no committed run has processed."""
        if self._bookmarks is None or not self._context:
            return list(listing())
        return self._bookmarks.select(self._context, listing, bounds(options))


def table_frame(
    spark: SparkSession, table: catalog.Table, predicate: str, options: Mapping[str, Any], read: Reading
) -> DataFrame:
    """Return the records of a catalog table on S3 with its partition keys, of the selected partitions only."""
    check("additional_options", options, (*HONOURED, *_SELECTS))
    format, format_options = format_of(table)
    roots = {table["StorageDescriptor"]["Location"].rstrip("/"): ()}
    if catalog.keys(table):
        found = catalog.partitions(table, expression=options.get("catalogPartitionPredicate", ""))
        chosen = catalog.selected(spark, table, found, predicate)
        roots = {one["StorageDescriptor"]["Location"].rstrip("/"): tuple(one["Values"]) for one in chosen}
    owner: dict[str, str] = {}

    def listing() -> list[File]:
        found = tables.table_files(table, roots, options.get("exclusions"))
        owner.update((file.path, root) for file, root in found)
        return [file for file, _ in found]

    files = read.new(listing, options)
    if not files:
        return empty(spark)
    by_root: dict[str, list[str]] = {}
    for file in files:
        by_root.setdefault(owner[file.path], []).append(file.path)
    read_frame = _read_roots(spark, table, format, format_options, by_root, roots)
    return _typed_by_table(read_frame, table) if format == "csv" else read_frame


def _typed_by_table(frame: DataFrame, table: catalog.Table) -> DataFrame:
    """Return a csv table's strings under the names and types of the catalog; a stray word makes a column a choice."""
    columns = table["StorageDescriptor"].get("Columns", [])
    names = frame.columns
    data = [name for name in names if name not in catalog.keys(table)]
    renamed = dict(zip(data, (column["Name"] for column in columns), strict=False))
    named = frame.select(*(F.col(f"`{name}`").alias(renamed.get(name, name)) for name in names))
    return choice.strays(named, {column["Name"]: column["Type"] for column in columns})


def _read_roots(
    spark: SparkSession,
    table: catalog.Table,
    format: str,
    options: Mapping[str, Any],
    by_root: Mapping[str, list[str]],
    roots: Mapping[str, tuple[str, ...]],
) -> DataFrame:
    location = table["StorageDescriptor"]["Location"].rstrip("/")
    names = catalog.keys(table)
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


def format_of(table: catalog.Table) -> tuple[str, dict[str, Any]]:
    """Return the format of a table's files and its options, by SerDe, else by the classification parameter."""
    storage = table["StorageDescriptor"]
    serde = storage.get("SerdeInfo", {})
    library, parameters = serde.get("SerializationLibrary", "").lower(), serde.get("Parameters", {})
    everything = {**table.get("Parameters", {}), **storage.get("Parameters", {})}
    classification = everything.get("classification", "").lower()
    if "parquet" in library or (not library and classification == "parquet"):
        return "parquet", {}
    if "json" in library or (not library and classification == "json"):
        return "json", {}
    if "lazysimple" in library or "opencsv" in library or (not library and classification == "csv"):
        separator = parameters.get("field.delim") or parameters.get("separatorChar") or everything.get("delimiter", ",")
        skip = everything.get("skip.header.line.count", "0") != "0"
        return "csv", {"separator": separator, "skipFirst": skip}
    raise NotImplementedError(
        f"table {table['Name']}: files of SerDe {library or 'none'!r}, classification {classification or 'none'!r} "
        "cannot be read yet; JSON, CSV and Parquet can"
    )
