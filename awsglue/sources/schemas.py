"""Convert schemas from Glue's JSON form to Spark types."""

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
    """Convert the result of ``jsonValue()`` of a Glue type to a Spark type; ValueError if the type is unknown."""
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
        raise ValueError(f"withSchema: unknown type {kind!r}")
    return _ATOMIC[kind]
