"""Convert between Spark's and Glue's schemas. A choice is a Spark struct whose fields are marked as alternatives.

The mark is metadata of the struct's fields, so it survives nesting, arrays, joins and unions.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from pyspark.sql import types as spark

from .. import gluetypes as glue

ALTERNATIVE = "glue.choice"
_TO_GLUE: Mapping[type, Callable[[], glue.DataType]] = MappingProxyType(
    {
        spark.BinaryType: glue.BinaryType,
        spark.BooleanType: glue.BooleanType,
        spark.ByteType: glue.ByteType,
        spark.DateType: glue.DateType,
        spark.DoubleType: glue.DoubleType,
        spark.FloatType: glue.FloatType,
        spark.IntegerType: glue.IntegerType,
        spark.LongType: glue.LongType,
        spark.NullType: glue.NullType,
        spark.ShortType: glue.ShortType,
        spark.StringType: glue.StringType,
        spark.TimestampType: glue.TimestampType,
        spark.TimestampNTZType: glue.TimestampNTZType,
    }
)
_TO_SPARK: Mapping[Any, type] = MappingProxyType(
    {
        **{kind: one for one, kind in _TO_GLUE.items()},
        glue.UnknownType: spark.NullType,
        glue.EnumType: spark.StringType,
    }
)


def is_choice(kind: spark.DataType) -> bool:
    """Return whether a Spark type is a choice."""
    return (
        isinstance(kind, spark.StructType)
        and bool(kind.fields)
        and all((field.metadata or {}).get(ALTERNATIVE) for field in kind.fields)
    )


def has_choice(kind: spark.DataType) -> bool:
    """Return whether a Spark type is or contains a choice."""
    if isinstance(kind, spark.StructType):
        return is_choice(kind) or any(has_choice(field.dataType) for field in kind.fields)
    if isinstance(kind, spark.ArrayType):
        return has_choice(kind.elementType)
    return isinstance(kind, spark.MapType) and has_choice(kind.valueType)


def mixed(schema: spark.StructType) -> bool:
    """Return whether a schema contains a choice."""
    return any(has_choice(field.dataType) for field in schema.fields)


def from_spark(schema: spark.StructType) -> glue.StructType:
    """Convert a DataFrame's schema to Glue's types."""
    return glue.StructType([glue.Field(one.name, glue_type(one.dataType)) for one in schema.fields])


def glue_type(kind: spark.DataType) -> glue.DataType:
    """Convert a Spark type to Glue's."""
    if is_choice(kind):
        return glue.ChoiceType([glue_type(field.dataType) for field in kind.fields])
    if isinstance(kind, spark.StructType):
        return from_spark(kind)
    if isinstance(kind, spark.ArrayType):
        return glue.ArrayType(glue_type(kind.elementType))
    if isinstance(kind, spark.MapType):
        return glue.MapType(glue_type(kind.valueType))
    if isinstance(kind, spark.DecimalType):
        return glue.DecimalType(kind.precision, kind.scale)
    made = _TO_GLUE.get(type(kind))
    return made() if made else glue.UnknownType()


def to_spark(kind: glue.DataType, marked: bool = True) -> spark.DataType:
    """Convert a Glue type to Spark's; choices are plain structs unless ``marked``."""
    if isinstance(kind, glue.StructType):
        fields = [spark.StructField(one.name, to_spark(one.dataType, marked)) for one in kind]
        return spark.StructType(fields)
    if isinstance(kind, glue.ChoiceType):
        mark = {ALTERNATIVE: True} if marked else None
        parts = [(one.typeName(), to_spark(one, marked)) for one in kind.choices]
        return spark.StructType([spark.StructField(name, part, True, mark) for name, part in parts])
    if isinstance(kind, glue.ArrayType | glue.SetType):
        return spark.ArrayType(to_spark(kind.elementType, marked))
    if isinstance(kind, glue.MapType):
        return spark.MapType(spark.StringType(), to_spark(kind.valueType, marked))
    if isinstance(kind, glue.DecimalType):
        return spark.DecimalType(kind.precision, kind.scale)
    return _TO_SPARK[type(kind)]()


def unmarked(kind: spark.DataType) -> spark.DataType:
    """Return a Spark type with its choices as plain structs; everything else is unchanged."""
    if isinstance(kind, spark.StructType):
        return spark.StructType(
            [
                spark.StructField(
                    one.name,
                    unmarked(one.dataType),
                    one.nullable,
                    {name: value for name, value in (one.metadata or {}).items() if name != ALTERNATIVE},
                )
                for one in kind.fields
            ]
        )
    if isinstance(kind, spark.ArrayType):
        return spark.ArrayType(unmarked(kind.elementType), kind.containsNull)
    if isinstance(kind, spark.MapType):
        return spark.MapType(kind.keyType, unmarked(kind.valueType), kind.valueContainsNull)
    return kind


def storable(kind: spark.DataType) -> spark.DataType:
    """Return a type that files and tables can store: choices as plain structs, null as string."""
    if isinstance(kind, spark.NullType):
        return spark.StringType()
    if isinstance(kind, spark.ArrayType):
        return spark.ArrayType(storable(kind.elementType), kind.containsNull)
    if isinstance(kind, spark.MapType):
        return spark.MapType(kind.keyType, storable(kind.valueType), kind.valueContainsNull)
    if not isinstance(kind, spark.StructType):
        return kind
    plain = unmarked(kind)
    fields = [(one.name, storable(one.dataType), one.nullable, one.metadata) for one in plain.fields]
    return spark.StructType([spark.StructField(*one) for one in fields])


def tree(kind: glue.DataType, depth: int = 0) -> list[str]:
    """Return the lines that printSchema prints under ``root``."""
    lead = "|    " * depth + "|-- "
    if isinstance(kind, glue.ChoiceType):
        return [line for one in kind.choices for line in (f"{lead}{one.typeName()}", *tree(one, depth + 1))]
    if isinstance(kind, glue.StructType):
        named = [(one.name, one.dataType) for one in kind]
    elif isinstance(kind, glue.ArrayType | glue.SetType):
        named = [("element", kind.elementType)]
    elif isinstance(kind, glue.MapType):
        named = [("keyType", glue.StringType()), ("valueType", kind.valueType)]
    else:
        return []
    return [line for name, one in named for line in (f"{lead}{name}: {one.typeName()}", *tree(one, depth + 1))]
