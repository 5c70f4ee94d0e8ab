"""Fields dropped, renamed and flattened, at any depth, inside Spark's engine."""

from collections.abc import Iterable, Iterator, Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, NullType, StructType

from .paths import ELEMENT, find, parts, quoted, steps
from .schemas import is_choice


def drop_fields(frame: DataFrame, paths: Sequence[str]) -> DataFrame:
    """Return all but the named fields, which may lie in structs and in arrays of structs, but not in maps."""
    return _without(frame, [[one for one in steps(path) if one != ELEMENT] for path in paths])


def null_fields(data_type: DataType, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the paths of the fields whose type is null, in structs and in arrays of structs."""
    found: list[tuple[str, ...]] = []
    if isinstance(data_type, ArrayType):
        return null_fields(data_type.elementType, path) if isinstance(data_type.elementType, StructType) else []
    for field in data_type.fields if isinstance(data_type, StructType) and not is_choice(data_type) else []:
        below = (*path, field.name)
        found += [below] if isinstance(field.dataType, NullType) else null_fields(field.dataType, below)
    return found


def drop_null_fields(frame: DataFrame) -> DataFrame:
    """Return all but the fields whose type is null."""
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
    """Return ``frame`` with a field under a new full path, in its place where only its name changes."""
    old, new = find(frame.schema, parts(old_path)), parts(new_path)
    if old is None or old == new:
        return frame
    if old[:-1] != new[:-1]:
        moved = F.col(quoted(old))
        return _without(put(frame, new, moved), [old])
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


def put(frame: DataFrame, path: Sequence[str], column: Column) -> DataFrame:
    """Return ``frame`` with ``column`` at a full path, in structs that are made where there are none."""
    for place in range(len(path) - 1, 0, -1):
        known = find(frame.schema, path[:place])
        if known is not None:
            column = F.col(quoted(known)).withField(quoted([path[place]]), column)
        else:
            column = F.struct(column.alias(path[place]))
    return frame.withColumn(path[0], column)


def flattened(
    kind: StructType, column: Column | None = None, prefix: str = "", choices: bool = False
) -> Iterator[tuple[str, Column, DataType]]:
    """Yield name, column and type of each field with its structs taken apart, names joined by dots.

    With ``choices`` their types are fields of their own too, as where a relational table has to hold them.
    """
    for field in kind.fields:
        here = F.col(quoted([field.name])) if column is None else column.getField(field.name)
        name = f"{prefix}{field.name}"
        if isinstance(field.dataType, StructType) and (choices or not is_choice(field.dataType)):
            yield from flattened(field.dataType, here, f"{name}.", choices)
        else:
            yield name, here, field.dataType


def unnested(frame: DataFrame) -> DataFrame:
    """Return ``frame`` with nested objects as top-level fields; arrays stay.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html
    """
    return frame.select(*(F.coalesce(column).alias(name) for name, column, _ in flattened(frame.schema)))
