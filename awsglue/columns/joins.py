"""Equijoin that keeps the keys of both sides."""

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from .paths import parts, quoted


def equijoin(left: DataFrame, right: DataFrame, keys1: Sequence[str], keys2: Sequence[str]) -> DataFrame:
    """Join on equal keys; a field that both sides have is called ``.name`` on the right.

    Raises ValueError if the numbers of keys differ, or if two fields of the result would have the same name.
    """
    if not left.columns or not right.columns:  # a source with nothing new has no columns: the join is empty
        return (left if left.columns else right).limit(0)
    if len(keys1) != len(keys2):
        raise ValueError(f"join needs the same number of keys on both sides: {list(keys1)} and {list(keys2)}")
    left = left.alias("l")
    taken = frozenset(left.columns)
    renamed = {name: f".{name}" if name in taken else name for name in right.columns}
    twice = [new for new in renamed.values() if new.startswith(".") and new in taken]
    if twice:
        raise ValueError(f"join would create two fields named {twice[0]!r}: rename or drop one of them first")
    right = right.select(*(F.col(quoted([name])).alias(new) for name, new in renamed.items()))
    pairs = zip(keys1, keys2, strict=True)
    on = [left[quoted(parts(a))] == right[quoted([renamed.get(parts(b)[0], b), *parts(b)[1:]])] for a, b in pairs]
    return left.join(right, on, "inner")
