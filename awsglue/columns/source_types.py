"""The source types of apply_mapping: a field whose data has another type is null in AWS Glue."""

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, MapType, NumericType, StringType, StructType

from .schemas import is_choice

_NUMBERS = frozenset(
    ("byte", "short", "int", "integer", "long", "float", "double", "decimal", "tinyint", "smallint", "bigint", "real")
)
_STRINGS = frozenset(("string", "char", "varchar"))
_OTHERS = frozenset(("boolean", "binary", "date", "timestamp", "timestampntz", "array", "set", "struct", "map"))
_ALIASES = {"timestamp_ntz": "timestampntz", "set": "array"}


def family(name: str) -> str | None:
    """Return the family of a type by its name, None if it is not a type. Types of one family convert into each other."""
    bare = name.strip().lower().partition("(")[0].partition("<")[0].strip()
    bare = _ALIASES.get(bare, bare)
    if bare in _NUMBERS:
        return "number"
    if bare in _STRINGS:
        return "string"
    return bare if bare in _OTHERS else None


def of_source_type(column: Column, kind: DataType, source_type: str | None) -> Column | None:
    """Return the values of a field that have its mapping's source type; None if it has no such values.

    A choice is reduced to the values of that type; without a source type the field is unchanged.
    """
    wanted = family(source_type) if source_type else None
    if wanted is None:
        return column
    if not is_choice(kind):
        return column if _family_of(kind) in (wanted, "null") else None
    same = [column.getField(one.name) for one in kind.fields if _family_of(one.dataType) == wanted]
    if len(same) == 1:
        return F.coalesce(same[0])
    # Only the family of numbers has several types; as strings, none of them loses a value.
    return F.coalesce(*(one.cast("string") for one in same)) if same else None


def _family_of(kind: DataType) -> str:
    if isinstance(kind, NumericType):
        return "number"
    if isinstance(kind, StructType | ArrayType | MapType):
        return {StructType: "struct", ArrayType: "array", MapType: "map"}[type(kind)]
    if isinstance(kind, StringType):
        return "string"
    name: str = kind.typeName()
    return {"void": "null", "timestamp_ntz": "timestampntz"}.get(str(name), str(name))
