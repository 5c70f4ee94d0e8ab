"""The equijoin that keeps the keys of both sides."""

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from .paths import parts, quoted


def joined(left: DataFrame, right: DataFrame, keys1: Sequence[str], keys2: Sequence[str]) -> DataFrame:
    """Return the records that agree in their keys; a field that both have is ``.name`` on the right.

    Raises ValueError for unlike numbers of keys, and where a field would be there twice.
    """
    if not left.columns or not right.columns:  # a source with nothing new: nothing joins
        return (left if left.columns else right).limit(0)
    if len(keys1) != len(keys2):
        raise ValueError(f"join needs as many keys on either side: {list(keys1)} and {list(keys2)}")
    left = left.alias("l")
    taken = frozenset(left.columns)
    renamed = {name: f".{name}" if name in taken else name for name in right.columns}
    twice = [new for new in renamed.values() if new.startswith(".") and new in taken]
    if twice:
        raise ValueError(f"join would make two fields {twice[0]!r}: rename or drop one of them before")
    right = right.select(*(F.col(quoted([name])).alias(new) for name, new in renamed.items()))
    pairs = zip(keys1, keys2, strict=True)
    on = [left[quoted(parts(a))] == right[quoted([renamed.get(parts(b)[0], b), *parts(b)[1:]])] for a, b in pairs]
    return left.join(right, on, "inner")
