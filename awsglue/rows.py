"""Rows: joined in Spark's engine, or handed to a Python function one by one, which costs Python per row."""

from collections.abc import Callable
from typing import Any

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F
from pyspark.sql.types import BooleanType

from awsglue.paths import quoted, split


class DynamicRecord(dict[str, Any]):
    """A record as functions see it: a dictionary whose fields are attributes too."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def record_of(row: Row) -> DynamicRecord:
    """Return a row, and the structs in it, as records."""
    return DynamicRecord({name: _value(row[name]) for name in row.__fields__})


def _value(value: Any) -> Any:
    if isinstance(value, Row):
        return record_of(value)
    if isinstance(value, list):
        return [_value(element) for element in value]
    return value


def filtered(frame: DataFrame, f: Callable[[Any], Any]) -> DataFrame:
    """Return the rows for which ``f`` is true; the schema stays, and only the answer comes back from Python."""

    def keep(row: Row) -> bool:
        try:
            return bool(f(record_of(row)))
        except (KeyError, ValueError, TypeError):
            return False

    whole = F.struct(*(F.col(quoted(name)) for name in frame.columns))
    # Not deterministic, so that Spark neither calls it twice nor moves it.
    return frame.where(F.udf(keep, BooleanType()).asNondeterministic()(whole))


def mapped(frame: DataFrame, f: Callable[[Any], Any]) -> DataFrame:
    """Return ``f`` of every row as a frame whose schema is that of all the results together.

    An exception of ``f`` fails the job's step; error records are not emulated yet. A falsy result is such an error.
    """

    def apply(row: Row) -> dict[str, Any]:
        result = f(record_of(row))
        if not result:
            raise ValueError("User-specified function returned None instead of DynamicRecord")
        return dict(result)

    results = frame.rdd.map(apply)
    if results.isEmpty():
        return frame.limit(0)
    return frame.sparkSession.createDataFrame(results, samplingRatio=1.0)


def joined(left: DataFrame, right: DataFrame, left_keys: list[str], right_keys: list[str]) -> DataFrame:
    """Return the inner equijoin; a right-hand field whose name the left has too is called ``.name``."""
    if len(left_keys) != len(right_keys):
        raise ValueError(f"join needs as many keys on either side, not {len(left_keys)} and {len(right_keys)}")
    taken = set(left.columns)
    renamed = right.select(*(F.col(quoted(n)).alias(f".{n}" if n in taken else n) for n in right.columns))
    pairs = zip(left_keys, right_keys, strict=True)
    conditions = [_column(left, a) == _column(renamed, f".{b}" if b in taken else b) for a, b in pairs]
    condition = conditions[0]
    for further in conditions[1:]:
        condition = condition & further
    return left.join(renamed, condition)


def _column(frame: DataFrame, path: str) -> Any:
    return frame[quoted(path)] if path in frame.columns else frame[quoted(*split(path))]
