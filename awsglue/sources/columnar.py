"""Parquet and ORC files, read by Spark's own data sources as in Glue."""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, DataFrameReader, SparkSession
from pyspark.sql.types import StructType

from ..columns import choice
from ..options import check
from .listing import without_slash


def read(
    spark: SparkSession, format: str, paths: Sequence[str], options: Mapping[str, Any], keys: StructType, base: str
) -> DataFrame:
    """Return the records of files; files with different schemas are read with the union of their fields.

    Folders named ``key=value`` under ``base`` become columns, ``keys`` with their types. Fields whose types differ between
    files become choices.
    """
    check(format, options, ("compression",))
    # Without __globPaths__ Spark would treat brackets in file names as glob patterns.
    reader = spark.read.format(format).option("__globPaths__", "false").option("mergeSchema", "true")
    if base:
        reader = reader.option("basePath", without_slash(base))
    try:
        return _typed(reader, list(paths), keys)
    except (Py4JJavaError, PySparkException):
        # Spark cannot merge the schemas of all files.
        by_schema = _by_schema(reader, paths)
        if len(by_schema) == 1:
            raise
        return reduce(choice.union, (_typed(reader, some, keys) for some in by_schema.values()))


def _typed(reader: DataFrameReader, paths: list[str], keys: StructType) -> DataFrame:
    frame = reader.load(paths)
    if not len(keys):
        return frame
    data = [field for field in frame.schema.fields if field.name not in keys.names]
    return reader.schema(StructType([*data, *keys.fields])).load(paths)


def _by_schema(reader: DataFrameReader, paths: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(reader.load([path]).schema.json(), []).append(path)
    return found
