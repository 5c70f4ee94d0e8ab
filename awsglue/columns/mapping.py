"""apply_mapping as one Spark projection."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from .casts import try_cast
from .choice import cast, parsed_type, spark_type
from .paths import find, parts, quoted, type_at
from .schemas import is_choice
from .source_types import family, of_source_type

# Type names without their contents, as in generated scripts: nothing to cast to.
_SHAPES = ("array", "struct", "map")

Tree = dict[str, Any]  # name: Column, or the tree of a struct


class Mapping(NamedTuple):
    """A source field and a target field; the types are Glue's for the source and Spark's for the target."""

    source: str
    target: str
    source_type: str | None = None
    target_type: str | None = None


def parse(mappings: Any) -> list[Mapping]:
    """Parse one mapping or a list of them: (source, target), (source, target, type) or all four with both types.

    Raises TypeError if a mapping is not a tuple, ValueError if its length is wrong.
    """
    return [_parsed(mapping) for mapping in ([mappings] if isinstance(mappings, tuple) else mappings)]


def apply(frame: DataFrame, mappings: Iterable[Mapping], case_sensitive: bool = False) -> DataFrame:
    """Return only the mapped fields.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-ApplyMapping.html
    """
    tree: Tree = {}
    for one in mappings:
        spelled = find(frame.schema, parts(one.source), case_sensitive)
        if spelled is not None:
            _place(tree, parts(one.target), _value(frame.schema, spelled, one))
    return frame.select(*_columns(tree))


def _value(schema: StructType, path: Sequence[str], mapping: Mapping) -> Column:
    kind = type_at(schema, path)
    column = of_source_type(F.col(quoted(path)), kind, mapping.source_type)
    target = mapping.target_type if mapping.target_type not in _SHAPES else None
    if column is None:  # the data's type differs from the mapping's source type
        return F.lit(None).cast(parsed_type(target) if target else "string")
    if target is None:
        return column
    # A source type has chosen among the types of a choice; without one all of them are cast.
    chosen = not is_choice(kind) or family(mapping.source_type or "") is not None
    return try_cast(column, parsed_type(target)) if chosen else cast(kind, column, parsed_type(target))


def _parsed(mapping: Any) -> Mapping:
    if not isinstance(mapping, tuple):
        raise TypeError(f"Mapping must be specified as a tuple. Got {mapping!r}")
    if len(mapping) == 2:
        return Mapping(mapping[0], mapping[1])
    if len(mapping) == 3:
        return Mapping(mapping[0], mapping[1], None, spark_type(mapping[2]))
    if len(mapping) == 4:
        return Mapping(mapping[0], mapping[2], mapping[1], spark_type(mapping[3]))
    raise ValueError(f"Mapping must be of length 2, 3 or 4. Got tuple of length {len(mapping)}: {mapping!r}")


def _place(tree: Tree, names: Sequence[str], column: Column) -> None:
    for name in names[:-1]:
        tree = tree.setdefault(name, {})
        if not isinstance(tree, dict):
            raise ValueError(f"mappings write a value and a struct to the same target {name!r}")
    if isinstance(tree.get(names[-1]), dict):
        raise ValueError(f"mappings write a value and a struct to the same target {names[-1]!r}")
    tree[names[-1]] = column


def _columns(tree: Tree) -> list[Column]:
    return [(F.struct(*_columns(one)) if isinstance(one, dict) else one).alias(name) for name, one in tree.items()]
