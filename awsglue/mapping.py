"""apply_mapping: tuples of source and target fields become one Spark projection."""

from collections.abc import Iterable, Sequence
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from .choice import spark_type
from .paths import find, parts, quoted

# The names of shapes without what is in them, as generated scripts have them: nothing to cast to.
_SHAPES = ("array", "struct", "map")

Mapping = tuple[str, str, str | None]  # source, target and Spark's type of it
Tree = dict[str, Any]  # name: Column, or the tree of a struct


def read(mappings: Any) -> list[Mapping]:
    """Return mappings: (source, target), (source, target, type) or four with both types, one or a list of them.

    Raises TypeError for what is no tuple, ValueError for a tuple of another length.
    """
    return [_read(mapping) for mapping in ([mappings] if isinstance(mappings, tuple) else mappings)]


def apply(frame: DataFrame, mappings: Iterable[Mapping], case_sensitive: bool = False) -> DataFrame:
    """Return the mapped fields only.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-ApplyMapping.html
    """
    tree: Tree = {}
    for source, target, kind in mappings:
        spelled = find(frame.schema, parts(source), case_sensitive)
        if spelled is not None:
            column = F.col(quoted(spelled))
            cast = F.expr(f"try_cast({quoted(spelled)} as {kind})") if kind and kind not in _SHAPES else column
            _place(tree, parts(target), cast)
    return frame.select(*_columns(tree))


def _read(mapping: Any) -> Mapping:
    if not isinstance(mapping, tuple):
        raise TypeError(f"Mapping must be specified as a tuple. Got {mapping!r}")
    if len(mapping) == 2:
        return mapping[0], mapping[1], None
    if len(mapping) == 3:
        return mapping[0], mapping[1], spark_type(mapping[2])
    if len(mapping) == 4:
        return mapping[0], mapping[2], spark_type(mapping[3])
    raise ValueError(f"Mapping must be of length 2, 3 or 4. Got tuple of length {len(mapping)}: {mapping!r}")


def _place(tree: Tree, names: Sequence[str], column: Column) -> None:
    for name in names[:-1]:
        tree = tree.setdefault(name, {})
        if not isinstance(tree, dict):
            raise ValueError(f"{name!r} is the target of a value and of a struct")
    if isinstance(tree.get(names[-1]), dict):
        raise ValueError(f"{names[-1]!r} is the target of a value and of a struct")
    tree[names[-1]] = column


def _columns(tree: Tree) -> list[Column]:
    return [(F.struct(*_columns(one)) if isinstance(one, dict) else one).alias(name) for name, one in tree.items()]
