"""Avro files: a union of several types becomes a choice, at any depth."""

from collections.abc import Mapping
from functools import reduce
from typing import Any

from pyspark.sql import DataFrame, DataFrameReader, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as spark
from pyspark.sql.types import StructType

from ..columns import choice
from ..columns.schemas import ALTERNATIVE, glue_type
from ..options import check
from .file_heads import avro_schemas

_MEMBER = "member_"  # Spark's prefix for the alternatives of a union, with stable identifiers


def read(
    spark: SparkSession, reader: DataFrameReader, paths: list[str], options: Mapping[str, Any], keys: StructType
) -> DataFrame:
    """Return the records; ``keys`` are the partition keys with the catalog's types.

    Files with different schemas are read with the union of their fields.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-format-avro-home.html
    """
    check("avro", options, ())
    # Glue reads Avro files regardless of their extension.
    reader = reader.format("avro").option("ignoreExtension", "true")
    reader = reader.option("enableStableIdentifiersForUnionType", "true")
    by_schema: dict[str, list[str]] = {}
    for path, schema in zip(paths, avro_schemas(spark, paths), strict=True):
        by_schema.setdefault(schema, []).append(path)
    return reduce(choice.union, (_read(reader, some, keys) for some in by_schema.values()))


def _read(reader: DataFrameReader, paths: list[str], keys: StructType) -> DataFrame:
    frame = reader.load(paths)
    if len(keys):
        data = [field for field in frame.schema.fields if field.name not in keys.names]
        frame = reader.schema(StructType([*data, *keys.fields])).load(paths)
    chosen = _chosen(frame.schema)
    if chosen == frame.schema:
        return frame
    return frame.select(*(F.col(f"`{one.name}`").cast(one.dataType).alias(one.name) for one in chosen.fields))


def _chosen(kind: Any) -> Any:
    """Turn the structs that Spark creates for unions into choices."""
    if isinstance(kind, spark.ArrayType):
        return spark.ArrayType(_chosen(kind.elementType), kind.containsNull)
    if isinstance(kind, spark.MapType):
        return spark.MapType(kind.keyType, _chosen(kind.valueType), kind.valueContainsNull)
    if not isinstance(kind, StructType):
        return kind
    inner = [spark.StructField(one.name, _chosen(one.dataType), one.nullable, one.metadata) for one in kind.fields]
    names = [glue_type(one.dataType).typeName() for one in inner]
    union = len(inner) > 1 and all(one.name.startswith(_MEMBER) for one in inner) and len(set(names)) == len(names)
    if not union:
        return StructType(inner)
    mark = {ALTERNATIVE: True}
    parts = zip(names, inner, strict=True)
    return StructType([spark.StructField(name, one.dataType, one.nullable, mark) for name, one in parts])
