"""User-supplied Python functions on records: the only work that leaves Spark's engine."""

from collections.abc import Callable, Iterator
from functools import reduce
from typing import Any

from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as F
from pyspark.sql.types import BooleanType, StructType, _infer_schema, _merge_type


class DynamicRecord(dict[str, Any]):
    """A record: a dict whose fields are attributes too."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError as missing:
            raise AttributeError(name) from missing


def record(value: Any) -> Any:
    """Return rows as records, at every depth."""
    if isinstance(value, Row):
        return DynamicRecord((name, record(one)) for name, one in value.asDict().items())
    return [record(one) for one in value] if isinstance(value, list) else value


def keeps(frame: DataFrame, f: Callable[[Any], Any]) -> DataFrame:
    """Return the records for which ``f`` is true. One that it raises for is left out, as Glue does."""

    def test(row: Row) -> bool:
        try:
            return bool(f(record(row)))
        except Exception:  # noqa: BLE001 - user code: Glue drops the record or makes it an error, it never stops
            return False

    return frame.where(F.udf(test, BooleanType())(_whole(frame)))


def _whole(frame: DataFrame) -> Column:
    return F.struct(*(F.col(f"`{name}`") for name in frame.columns))


def mapped(frame: DataFrame, f: Callable[[Any], Any]) -> DataFrame:
    """Return what ``f`` makes of each record; the schema is inferred from all results, so the data is read for it.

    A record for which ``f`` raises or returns nothing becomes an error record in Glue: it is left out.
    """

    def over(rows: Iterator[Row]) -> Iterator[Any]:
        for row in rows:
            try:
                made = dict(f(record(row)) or {})
            except Exception:  # noqa: BLE001 - user code: the record becomes an error, the frame goes on
                continue
            if made:
                yield made

    results = frame.rdd.mapPartitions(over)
    schemas = results.map(lambda one: _infer_schema(one, infer_dict_as_struct=True))
    merged = schemas.mapPartitions(lambda some: _merged(list(some))).collect()
    schema = reduce(_merge_type, merged) if merged else StructType([])
    return frame.sparkSession.createDataFrame(results, schema)


def _merged(schemas: list[StructType]) -> Iterator[StructType]:
    if schemas:
        yield reduce(_merge_type, schemas)
