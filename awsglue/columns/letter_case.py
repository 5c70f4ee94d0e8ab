"""Fields whose names differ only in case: Spark resolves names without regard to case, Glue's records do not."""

import contextlib
from collections.abc import Iterator

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import ArrayType, DataType, MapType, StructType

_CASE_SENSITIVE = "spark.sql.caseSensitive"


def has_similar_names(kind: DataType) -> bool:
    """Return whether a type has, at any depth, fields whose names differ only in case."""
    if isinstance(kind, ArrayType):
        return has_similar_names(kind.elementType)
    if isinstance(kind, MapType):
        return has_similar_names(kind.valueType)
    if not isinstance(kind, StructType):
        return False
    similar = len({name.lower() for name in kind.names}) < len(kind.names)
    return similar or any(has_similar_names(one.dataType) for one in kind.fields)


@contextlib.contextmanager
def exact_names(spark: SparkSession) -> Iterator[None]:
    """Let Spark resolve names case-sensitively in the plans that are created in the block."""
    before = spark.conf.get(_CASE_SENSITIVE)
    spark.conf.set(_CASE_SENSITIVE, "true")
    try:
        yield
    finally:
        spark.conf.set(_CASE_SENSITIVE, before)


@contextlib.contextmanager
def names_of(*frames: DataFrame) -> Iterator[None]:
    """Let Spark distinguish names of these frames that differ only in case."""
    similar = [frame for frame in frames if has_similar_names(frame.schema)]
    with exact_names(similar[0].sparkSession) if similar else contextlib.nullcontext():
        yield
