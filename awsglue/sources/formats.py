"""Read files of one format into a DataFrame: the table of formats, and the formats that Spark supports itself."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame, DataFrameReader, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from ..json_types import inference
from ..options import check, spelled, true
from . import avro, columnar, delimited, grok, json_path, xml
from .listing import without_slash

Paths = Sequence[str]
_COMMON = ("attachFilename",)


def read(
    spark: SparkSession, format: str, paths: Paths, options: Mapping[str, Any], partition: StructType, base: str = ""
) -> DataFrame:
    """Return the records of ``paths``; ``partition`` are the keys to read from folder names under ``base``.

    For Parquet and ORC, the partition keys in folder names under ``base`` are read even without ``partition``.
    """
    own = {name: value for name, value in spelled(options).items() if name not in _COMMON}
    frame = known(format)(spark, list(paths), own, partition, base)
    name = options.get("attachFilename")
    return frame.withColumn(str(name), F.input_file_name()) if name else frame


def known(format: str) -> Callable[..., DataFrame]:
    """Return the reader of a format; raises NotImplementedError if it is not emulated."""
    if format.lower() == "ion":
        raise NotImplementedError("the format 'ion' is not emulated: there is no maintained Ion library for Spark")
    reader = FORMATS.get(format.lower())
    if reader is None:
        raise NotImplementedError(f"the format {format!r} is not emulated yet, use {', '.join(FORMATS)}")
    return reader


def reader_of(spark: SparkSession, keys: StructType, base: str) -> DataFrameReader:
    """Return a reader that takes paths literally and reads partition keys from folder names under ``base``."""
    # Without this option Spark would treat brackets in file names as glob patterns.
    plain = spark.read.option("__globPaths__", "false")
    return plain.option("basePath", without_slash(base)) if len(keys) and base else plain


def _json(spark: SparkSession, paths: list[str], options: Mapping[str, Any], keys: StructType, base: str) -> DataFrame:
    check("json", options, ("multiLine", "jsonPath"))
    whole = true(options, "multiLine")
    if options.get("jsonPath"):
        return json_path.read(spark, reader_of(spark, keys, base), paths, str(options["jsonPath"]), whole, keys)
    return inference.read(spark, inference.JsonFiles(paths, keys, base, whole))


def _csv(spark: SparkSession, paths: list[str], options: Mapping[str, Any], keys: StructType, base: str) -> DataFrame:
    return delimited.read(spark, reader_of(spark, keys, base), paths, options, keys)


def _parquet(
    spark: SparkSession, paths: list[str], options: Mapping[str, Any], keys: StructType, base: str
) -> DataFrame:
    return columnar.read(spark, "parquet", paths, options, keys, base)


def _orc(spark: SparkSession, paths: list[str], options: Mapping[str, Any], keys: StructType, base: str) -> DataFrame:
    return columnar.read(spark, "orc", paths, options, keys, base)


def _avro(spark: SparkSession, paths: list[str], options: Mapping[str, Any], keys: StructType, base: str) -> DataFrame:
    return avro.read(spark, reader_of(spark, keys, base), paths, options, keys)


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
