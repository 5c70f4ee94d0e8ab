"""Glue's types, as ``DynamicFrame.schema()`` shows them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pyspark.sql import types as spark

from awsglue.choice import is_choice

_NAMES = {"integer": "int", "bigint": "long", "smallint": "short", "tinyint": "byte", "void": "null"}


@dataclass
class DataType:
    """A type; ``typeName`` is Glue's name of it."""

    typeName: str

    def jsonValue(self) -> dict[str, Any]:
        """Return the type as Glue writes it in JSON."""
        return {"dataType": self.typeName}


@dataclass
class Array(DataType):
    """An array of one type."""

    elementType: DataType

    def jsonValue(self) -> dict[str, Any]:
        return {"dataType": "array", "elementType": self.elementType.jsonValue()}


@dataclass
class Map(DataType):
    """A map from strings."""

    valueType: DataType

    def jsonValue(self) -> dict[str, Any]:
        return {"dataType": "map", "valueType": self.valueType.jsonValue()}


@dataclass
class Field:
    """A named field."""

    name: str
    dataType: DataType


@dataclass
class Struct(DataType):
    """Fields by name."""

    fields: list[Field] = field(default_factory=list)

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def hasField(self, name: str) -> bool:
        """Return whether a field has that name."""
        return any(one.name == name for one in self.fields)

    def getField(self, name: str) -> Field:
        """Return the field of that name; KeyError when there is none."""
        for one in self.fields:
            if one.name == name:
                return one
        raise KeyError(name)

    def jsonValue(self) -> dict[str, Any]:
        members = [{"name": one.name, "container": one.dataType.jsonValue()} for one in self.fields]
        return {"dataType": self.typeName, "fields": members}


@dataclass
class Choice(Struct):
    """Several types of one field; its fields are named like the types."""


def from_spark(schema: spark.StructType) -> Struct:
    """Return Spark's schema in Glue's types."""
    return Struct("struct", [Field(one.name, _converted(one.dataType, is_choice(one))) for one in schema.fields])


def _converted(kind: Any, mixed: bool = False) -> DataType:
    if isinstance(kind, spark.StructType):
        members = from_spark(kind).fields
        return Choice("choice", members) if mixed else Struct("struct", members)
    if isinstance(kind, spark.ArrayType):
        return Array("array", _converted(kind.elementType))
    if isinstance(kind, spark.MapType):
        return Map("map", _converted(kind.valueType))
    name = kind.typeName()
    return DataType(_NAMES.get(name, name))


def tree(kind: DataType, depth: int = 0) -> list[str]:
    """Return the lines that printSchema prints below ``root``."""
    lead = "|    " * depth + "|-- "
    if isinstance(kind, Choice):
        return [f"{lead}{one.name}" for one in kind]
    if isinstance(kind, Struct):
        return [
            line
            for one in kind
            for line in (f"{lead}{one.name}: {one.dataType.typeName}", *tree(one.dataType, depth + 1))
        ]
    if isinstance(kind, Array):
        return [f"{lead}element: {kind.elementType.typeName}", *tree(kind.elementType, depth + 1)]
    return []
