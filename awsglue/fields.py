"""Fields dropped, at any depth, inside Spark's engine."""

from collections.abc import Iterable, Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, NullType, StructField, StructType

from awsglue.paths import parts, quoted


def drop_fields(frame: DataFrame, paths: Sequence[str]) -> DataFrame:
    """Return all but the named fields, which may lie in structs and in arrays of structs, but not in maps."""
    return _without(frame, [parts(path) for path in paths])


def null_fields(data_type: DataType, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the paths of the fields whose type is null, in structs and in arrays of structs."""
    found: list[tuple[str, ...]] = []
    if isinstance(data_type, ArrayType):
        return null_fields(data_type.elementType, path) if isinstance(data_type.elementType, StructType) else []
    for field in data_type.fields if isinstance(data_type, StructType) else []:
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
    columns = [
        _pruned(field, F.col(quoted([field.name])), by_top.get(field.name, []))
        for field in frame.schema.fields
        if () not in [tuple(rest) for rest in by_top.get(field.name, [])]
    ]
    return frame.select(*columns)


def _pruned(field: StructField, column: Column, paths: list[Sequence[str]]) -> Column:
    if not paths:
        return column
    return _part_without(field.dataType, column, paths).alias(field.name)


def _part_without(data_type: DataType, column: Column, paths: list[Sequence[str]]) -> Column:
    if isinstance(data_type, ArrayType):
        return F.transform(column, lambda element: _part_without(data_type.elementType, element, paths))
    if not isinstance(data_type, StructType):
        return column
    kept = []
    for field in data_type.fields:
        below = [path[1:] for path in paths if path and path[0] == field.name]
        if not any(len(path) == 0 for path in below):
            kept.append(_part_without(field.dataType, column[field.name], below).alias(field.name))
    return F.when(column.isNotNull(), F.struct(*kept))
