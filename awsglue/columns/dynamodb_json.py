"""Remove the type wrappers from DynamoDB JSON: ``{"S": "x"}`` becomes x.

See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html
"""

from collections.abc import Callable, Iterator

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, StructType

from .schemas import is_choice

_WRAPPERS = frozenset({"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"})


def simplify(frame: DataFrame) -> DataFrame:
    """Return attributes as columns and maps as structs; lists of maps or of mixed types are unchanged."""
    return frame.select(*(column.alias(name) for name, column in _attributes(frame, nest=True)))


def unnest(frame: DataFrame) -> DataFrame:
    """Return attributes as columns and flatten maps with dotted names; lists are unchanged."""
    return frame.select(*(column.alias(name) for name, column in _attributes(frame, nest=False)))


def _attributes(frame: DataFrame, nest: bool) -> Iterator[tuple[str, Column]]:
    for field in frame.schema.fields:
        here = F.col(f"`{field.name}`")
        if field.name == "Item" and isinstance(field.dataType, StructType) and not _is_wrapper(field.dataType):
            yield from _inside(field.dataType, here.getField, "", nest)
        else:
            yield from _named(field.name, field.dataType, here, nest)


def _inside(kind: StructType, column: Callable[[str], Column], prefix: str, nest: bool) -> Iterator[tuple[str, Column]]:
    for field in kind.fields:
        yield from _named(f"{prefix}{field.name}", field.dataType, column(field.name), nest)


def _named(name: str, kind: DataType, column: Column, nest: bool) -> Iterator[tuple[str, Column]]:
    only = _only(kind)
    if not nest and only == "M":
        yield from _inside(kind["M"].dataType, column.getField("M").getField, f"{name}.", nest)
    else:
        yield name, _unwrapped(kind, column, nest)


def _is_wrapper(kind: DataType) -> bool:
    return isinstance(kind, StructType) and not is_choice(kind) and bool(kind.fields) and set(kind.names) <= _WRAPPERS


def _only(kind: DataType) -> str | None:
    """Return the only type of an attribute, ignoring NULL; None if there are several."""
    if not _is_wrapper(kind):
        return None
    types = [name for name in kind.names if name != "NULL"] or ["NULL"]
    return types[0] if len(types) == 1 else None


def _unwrapped(kind: DataType, column: Column, nest: bool) -> Column:
    only = _only(kind)
    if only is None:
        return column
    if only == "NULL":
        return F.lit(None)
    inner, here = kind[only].dataType, F.coalesce(column.getField(only))
    if only == "M":
        fields = [value.alias(name) for name, value in _inside(inner, here.getField, "", nest)]
        return F.when(here.isNotNull(), F.struct(*fields))
    if only == "L" and nest and isinstance(inner, ArrayType):
        element = inner.elementType
        if _only(element) not in (None, "M", "NULL") and len(element.fields) == 1:
            return F.transform(here, lambda one: _unwrapped(element, one, nest))
    return here
