"""Schemas as Glue writes them in JSON, in Spark's types."""

from collections.abc import Mapping
from typing import Any

from pyspark.sql import types as spark

_ATOMIC: dict[str, spark.DataType] = {
    "binary": spark.BinaryType(),
    "boolean": spark.BooleanType(),
    "byte": spark.ByteType(),
    "date": spark.DateType(),
    "double": spark.DoubleType(),
    "float": spark.FloatType(),
    "int": spark.IntegerType(),
    "integer": spark.IntegerType(),
    "long": spark.LongType(),
    "null": spark.NullType(),
    "short": spark.ShortType(),
    "string": spark.StringType(),
    "timestamp": spark.TimestampType(),
}


def spark_type(schema: Mapping[str, Any]) -> Any:
    """Return the Spark type of what ``jsonValue()`` of a gluetypes type gives; raises ValueError for an unknown one."""
    kind = str(schema.get("dataType"))
    if kind == "struct":
        fields = [spark.StructField(one["name"], spark_type(one["container"])) for one in schema.get("fields", [])]
        return spark.StructType(fields)
    if kind in ("array", "set"):
        return spark.ArrayType(spark_type(schema["elementType"]))
    if kind == "map":
        return spark.MapType(spark.StringType(), spark_type(schema["valueType"]))
    if kind == "decimal":
        return spark.DecimalType(int(schema.get("precision", 10)), int(schema.get("scale", 2)))
    if kind not in _ATOMIC:
        raise ValueError(f"withSchema: no such type {kind!r}")
    return _ATOMIC[kind]
