"""Reading files of one format into a DataFrame: JSON, CSV, Parquet."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame, DataFrameReader, SparkSession
from pyspark.sql.types import StringType, StructField, StructType

from awsglue import inference
from awsglue.options import check

Paths = Sequence[str]


def read(
    spark: SparkSession, format: str, paths: Paths, options: Mapping[str, Any], partition: StructType, base: str = ""
) -> DataFrame:
    """Return the records of ``paths``; ``partition`` are the keys to take from the folders' names below ``base``."""
    return known(format)(spark, list(paths), options, partition, base)


def known(format: str) -> Callable[..., DataFrame]:
    """Return the reader of a format; raises NotImplementedError for one that is not built yet."""
    reader = FORMATS.get(format.lower())
    if reader is None:
        raise NotImplementedError(f"the format {format!r} is not emulated yet; {', '.join(FORMATS)} are")
    return reader


def _with_base(reader: DataFrameReader, partition: StructType, base: str) -> DataFrameReader:
    return reader.option("basePath", base) if len(partition) else reader


def _json(spark: SparkSession, paths: list[str], options: Mapping[str, Any], keys: StructType, base: str) -> DataFrame:
    check("json", options, ("multiLine",))
    return inference.read(spark, inference.Lines(paths, keys, base, _true(options, "multiLine")))


def _csv(spark: SparkSession, paths: list[str], options: Mapping[str, Any], keys: StructType, base: str) -> DataFrame:
    honoured = ("separator", "quoteChar", "escaper", "multiLine", "withHeader", "skipFirst", "writeHeader")
    check("csv", options, honoured)
    header = _true(options, "withHeader")
    quote = str(options.get("quoteChar", '"'))
    reader = spark.read.options(
        sep=options.get("separator", ","),
        quote="" if quote == "-1" else quote,
        escape=options.get("escaper") or quote,
        multiLine=_true(options, "multiLine"),
        header=header or _true(options, "skipFirst"),
        mode="PERMISSIVE",
        # Files whose headers differ are refused, for Spark would put the values of one under the names of another.
        enforceSchema=not header,
    )
    names = reader.csv(paths).columns
    names = names if header else [f"col{place}" for place in range(len(names))]
    fields = [StructField(name, StringType()) for name in names]
    return _with_base(reader, keys, base).schema(StructType([*fields, *keys.fields])).csv(paths)


def _parquet(
    spark: SparkSession, paths: list[str], options: Mapping[str, Any], keys: StructType, base: str
) -> DataFrame:
    check("parquet", options, ("compression",))
    if not len(keys):
        return spark.read.parquet(*paths)
    schema = spark.read.parquet(*paths).schema
    data = [field for field in schema.fields if field.name not in keys.names]
    return spark.read.option("basePath", base).schema(StructType([*data, *keys.fields])).parquet(*paths)


def _true(options: Mapping[str, Any], name: str) -> bool:
    return str(options.get(name, False)).lower() == "true"


FORMATS: dict[str, Callable[..., DataFrame]] = {
    "json": _json,
    "csv": _csv,
    "parquet": _parquet,
    "glueparquet": _parquet,
}
