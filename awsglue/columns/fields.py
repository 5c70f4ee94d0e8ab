"""Drop, rename and flatten fields at any depth, with Spark expressions only."""

from collections.abc import Iterable, Iterator, Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, NullType, StructType

from .paths import ELEMENT, find, parts, quoted, steps
from .schemas import is_choice


def drop_fields(frame: DataFrame, paths: Sequence[str]) -> DataFrame:
    """Drop the named fields, also inside structs and arrays of structs, but not inside maps."""
    return _without(frame, [[one for one in steps(path) if one != ELEMENT] for path in paths])


def null_fields(data_type: DataType, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the paths of fields of type null, also inside structs and arrays of structs."""
    found: list[tuple[str, ...]] = []
    if isinstance(data_type, ArrayType):
        return null_fields(data_type.elementType, path) if isinstance(data_type.elementType, StructType) else []
    for field in data_type.fields if isinstance(data_type, StructType) and not is_choice(data_type) else []:
        below = (*path, field.name)
        found += [below] if isinstance(field.dataType, NullType) else null_fields(field.dataType, below)
    return found


def drop_null_fields(frame: DataFrame) -> DataFrame:
    """Drop the fields of type null."""
    return _without(frame, [list(path) for path in null_fields(frame.schema)])


def _without(frame: DataFrame, paths: Iterable[Sequence[str]]) -> DataFrame:
    by_top: dict[str, list[Sequence[str]]] = {}
    for path in paths:
        by_top.setdefault(path[0], []).append(path[1:])
    columns = []
    for field in frame.schema.fields:
        below, column = by_top.get(field.name, []), F.col(quoted([field.name]))
        if not below:
            columns.append(column)
        elif all(below):
            columns.append(_part_without(field.dataType, column, below).alias(field.name))
    return frame.select(*columns)


def _part_without(data_type: DataType, column: Column, paths: list[Sequence[str]]) -> Column:
    if not paths or is_choice(data_type):
        return column
    if isinstance(data_type, ArrayType):
        return F.transform(column, lambda element: _part_without(data_type.elementType, element, paths))
    if not isinstance(data_type, StructType):
        return column
    kept = []
    for field in data_type.fields:
        below = [path[1:] for path in paths if path and path[0] == field.name]
        if all(below):
            kept.append(_part_without(field.dataType, column[field.name], below).alias(field.name))
    return F.when(column.isNotNull(), F.struct(*kept))


def rename(frame: DataFrame, old_path: str, new_path: str) -> DataFrame:
    """Rename or move a field to a new full path. If only its name changes, its position stays."""
    old, new = find(frame.schema, parts(old_path)), parts(new_path)
    if old is None or old == new:
        return frame
    if old[:-1] != new[:-1]:
        moved = F.col(quoted(old))
        return _without(set_field(frame, new, moved), [old])
    return frame.select(*_renamed(frame.schema, None, old, new[-1]))


def _renamed(kind: StructType, parent: Column | None, old: Sequence[str], name: str) -> list[Column]:
    columns = []
    for field in kind.fields:
        here = F.col(quoted([field.name])) if parent is None else parent.getField(field.name)
        if field.name != old[0]:
            columns.append(here.alias(field.name))
        elif len(old) == 1:
            columns.append(here.alias(name))
        else:
            inner = F.struct(*_renamed(field.dataType, here, old[1:], name))
            columns.append(F.when(here.isNotNull(), inner).alias(field.name))
    return columns


def set_field(frame: DataFrame, path: Sequence[str], column: Column) -> DataFrame:
    """Set the field at a full path to ``column``; missing structs on the way are created."""
    for place in range(len(path) - 1, 0, -1):
        known = find(frame.schema, path[:place])
        if known is not None:
            column = F.col(quoted(known)).withField(quoted([path[place]]), column)
        else:
            column = F.struct(column.alias(path[place]))
    return frame.withColumn(path[0], column)


def flatten(
    kind: StructType, column: Column | None = None, prefix: str = "", choices: bool = False
) -> Iterator[tuple[str, Column, DataType]]:
    """Yield name, column and type of each leaf field, struct fields with dotted names.

    With ``choices``, each type of a choice is a field as well, as relational tables need it.
    """
    for field in kind.fields:
        here = F.col(quoted([field.name])) if column is None else column.getField(field.name)
        name = f"{prefix}{field.name}"
        if isinstance(field.dataType, StructType) and (choices or not is_choice(field.dataType)):
            yield from flatten(field.dataType, here, f"{name}.", choices)
        else:
            yield name, here, field.dataType


def unnest_structs(frame: DataFrame) -> DataFrame:
    """Turn fields of structs into top-level fields; arrays are unchanged.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html
    """
    return frame.select(*(F.coalesce(column).alias(name) for name, column, _ in flatten(frame.schema)))
