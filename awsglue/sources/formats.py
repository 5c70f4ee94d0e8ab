"""Reading files of one format into a DataFrame: the table of formats, and those that Spark brings."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame, DataFrameReader, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from .. import inference
from ..options import check, spelled, true
from . import avro, delimited, grok, json_path, xml

Paths = Sequence[str]
_COMMON = ("attachFilename",)


def read(
    spark: SparkSession, format: str, paths: Paths, options: Mapping[str, Any], partition: StructType, base: str = ""
) -> DataFrame:
    """Return the records of ``paths``; ``partition`` are the keys to take from the folders' names below ``base``."""
    own = {name: value for name, value in spelled(options).items() if name not in _COMMON}
    frame = known(format)(spark, list(paths), own, partition, base)
    name = options.get("attachFilename")
    return frame.withColumn(str(name), F.input_file_name()) if name else frame


def known(format: str) -> Callable[..., DataFrame]:
    """Return the reader of a format; raises NotImplementedError for one that is not built yet."""
    if format.lower() == "ion":
        raise NotImplementedError("the format 'ion' is not emulated: no kept-up library reads it into Spark")
    reader = FORMATS.get(format.lower())
    if reader is None:
        raise NotImplementedError(f"the format {format!r} is not emulated yet; {', '.join(FORMATS)} are")
    return reader


def reader_of(spark: SparkSession, keys: StructType, base: str) -> DataFrameReader:
    """Return a reader that takes paths as they are spelled, and partition keys from the folders below ``base``."""
    # Without this option Spark would read the brackets in a file's name as a pattern.
    plain = spark.read.option("__globPaths__", "false")
    return plain.option("basePath", base) if len(keys) else plain


def typed(reader: DataFrameReader, schema: StructType, keys: StructType) -> DataFrameReader:
    """Return the reader with the files' own fields as inferred and the partition keys as the catalog types them."""
    data = [field for field in schema.fields if field.name not in keys.names]
    return reader.schema(StructType([*data, *keys.fields]))


def _json(spark: SparkSession, paths: list[str], options: Mapping[str, Any], keys: StructType, base: str) -> DataFrame:
    check("json", options, ("multiLine", "jsonPath"))
    whole = true(options, "multiLine")
    if options.get("jsonPath"):
        return json_path.read(spark, reader_of(spark, keys, base), paths, str(options["jsonPath"]), whole, keys)
    return inference.read(spark, inference.Lines(paths, keys, base, whole))


def _csv(spark: SparkSession, paths: list[str], options: Mapping[str, Any], keys: StructType, base: str) -> DataFrame:
    return delimited.read(reader_of(spark, keys, base), paths, options, keys)


def _parquet(
    spark: SparkSession, paths: list[str], options: Mapping[str, Any], keys: StructType, base: str
) -> DataFrame:
    check("parquet", options, ("compression",))
    reader = reader_of(spark, keys, base).option("mergeSchema", true(options, "mergeSchema"))
    return (typed(reader, reader.parquet(*paths).schema, keys) if len(keys) else reader).parquet(*paths)


def _orc(spark: SparkSession, paths: list[str], options: Mapping[str, Any], keys: StructType, base: str) -> DataFrame:
    check("orc", options, ("compression",))
    reader = reader_of(spark, keys, base)
    return (typed(reader, reader.orc(paths).schema, keys) if len(keys) else reader).orc(paths)


def _avro(spark: SparkSession, paths: list[str], options: Mapping[str, Any], keys: StructType, base: str) -> DataFrame:
    return avro.read(reader_of(spark, keys, base), paths, options, keys)


def _xml(spark: SparkSession, paths: list[str], options: Mapping[str, Any], keys: StructType, base: str) -> DataFrame:
    _refuse_keys("xml", keys)
    return xml.read(spark, paths, options)


def _grok(spark: SparkSession, paths: list[str], options: Mapping[str, Any], keys: StructType, base: str) -> DataFrame:
    return grok.read(reader_of(spark, keys, base), paths, options, keys)


def _refuse_keys(format: str, keys: StructType) -> None:
    if len(keys):
        raise NotImplementedError(f"{format} with partition folders in one read is not emulated yet")


FORMATS: dict[str, Callable[..., DataFrame]] = {
    "json": _json,
    "csv": _csv,
    "parquet": _parquet,
    "orc": _orc,
    "avro": _avro,
    "xml": _xml,
    "groklog": _grok,
}
