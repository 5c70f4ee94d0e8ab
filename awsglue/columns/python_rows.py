"""Run a script's Python functions on records: the only work that does not stay inside the JVM."""

import datetime
import decimal
import traceback
from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from typing import Any, NamedTuple

from pyspark import RDD
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as spark
from pyspark.sql.types import DataType, StringType, StructField, StructType

from .. import gluetypes as glue
from ..gluetypes import DynamicRecord, mergeDataTypes
from .errors import COLUMN, TYPE, error
from .schemas import is_choice, to_spark

_BETWEEN = "\0"  # separates an error's message from its trace
_NO_RECORD = "User-specified function returned None instead of DynamicRecord"


def record_reader(kind: DataType) -> Callable[[Any], Any]:
    """Return a function that converts a Spark value to Python: rows become records, a choice becomes its value."""
    if is_choice(kind):
        inner = [record_reader(one.dataType) for one in kind.fields]
        return lambda row: row and next((f(v) for f, v in zip(inner, row, strict=True) if v is not None), None)
    if isinstance(kind, StructType):
        return _struct_reader(kind)
    if isinstance(kind, spark.ArrayType):
        return _each(record_reader(kind.elementType))
    if isinstance(kind, spark.MapType):
        value = record_reader(kind.valueType)
        return lambda some: some if some is None else {name: value(one) for name, one in some.items()}
    return _same


def _same(value: Any) -> Any:
    return value


def _each(inner: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return _same if inner is _same else lambda some: some if some is None else [inner(one) for one in some]


def _struct_reader(kind: StructType) -> Callable[[Any], Any]:
    names = kind.names
    items = [(one.name, made) for one in kind.fields if (made := record_reader(one.dataType)) is not _same]

    # Runs for every record: zip's strict would cost as much as the dict, and most fields need no conversion.
    def plain(row: Any) -> Any:
        return row if row is None else DynamicRecord(zip(names, row))  # noqa: B905

    def nested(row: Any) -> Any:
        if row is None:
            return None
        record = DynamicRecord(zip(names, row))  # noqa: B905
        for name, read in items:
            record[name] = read(record[name])
        return record

    return nested if items else plain


def _message(raised: Exception) -> str:
    return f"{raised}{_BETWEEN}{traceback.format_exc()}"


def filter_records(frame: DataFrame, f: Callable[[Any], Any]) -> DataFrame:
    """Keep the records for which ``f`` is true; records for which it raises become error records.

    If it raises KeyError, ValueError or TypeError, the record is dropped silently, as Glue does.
    """
    record = record_reader(frame.schema)

    def test(row: Row) -> str | None:
        try:
            return "" if f(record(row)) else None
        except (KeyError, ValueError, TypeError):
            return None
        except Exception as raised:  # noqa: BLE001 - user code: Glue makes the record an error, it never stops
            return _message(raised)

    whole = F.struct(*(F.col(f"`{name}`") for name in frame.columns))
    told = frame.withColumn(COLUMN, F.udf(test, StringType())(whole)).where(F.col(COLUMN).isNotNull())
    parts = F.split(COLUMN, _BETWEEN, 2)
    wrong = F.when(F.col(COLUMN) != "", error(parts[0], trace=parts[1]))
    return told.withColumn(COLUMN, wrong.cast(TYPE))


class Long(int):
    """An integer whose type is long however small it is."""


class Mapped(NamedTuple):
    """The result of a function: its records, and the input rows for which it failed, with COLUMN."""

    records: Callable[[], DataFrame]
    failed: Callable[[], DataFrame]


Outcome = tuple[Any, Any, str]  # the new record and no message, or the input row and the error message


def map_records(frame: DataFrame, f: Callable[[Any], Any]) -> Mapped:
    """Apply ``f`` to each record; if it raises or returns nothing, the record becomes an error record.

    The schema is inferred from all results, so its first use scans the data.
    """
    record = record_reader(frame.schema)

    def over(rows: Iterator[Row]) -> Iterator[Outcome]:
        for row in rows:
            try:
                made = f(record(row))
                made = dict(made) if made else None
                yield (made, None, "") if made else (None, row, _NO_RECORD + _BETWEEN)
            except Exception as raised:  # noqa: BLE001 - user code: the record becomes an error, the frame goes on
                yield None, row, _message(raised)

    return _outcomes(frame, frame.rdd.mapPartitions(over))


def map_partitions(frame: DataFrame, f: Callable[[int, Iterable[Any]], Iterable[Any]]) -> Mapped:
    """Apply ``f`` to each partition; it takes and returns dicts {"record", "isError", "errorMessage"}."""
    record, names = record_reader(frame.schema), frame.schema

    def over(index: int, rows: Iterator[Row]) -> Iterator[Outcome]:
        wrapped = ({"record": record(row), "isError": False, "errorMessage": ""} for row in rows)
        for one in f(index, wrapped):
            if one.get("isError"):
                given = one.get("record") or {}
                yield None, tuple(given.get(name) for name in names.names), str(one.get("errorMessage")) + _BETWEEN
            else:
                yield dict(one["record"]), None, ""

    return _outcomes(frame, frame.rdd.mapPartitionsWithIndex(over))


def _outcomes(frame: DataFrame, outcomes: "RDD[Outcome]") -> Mapped:
    session, schema = frame.sparkSession, frame.schema

    def made() -> DataFrame:
        return from_records(session, outcomes.filter(lambda one: one[0] is not None).map(lambda one: one[0]))

    def failed() -> DataFrame:
        bad = outcomes.filter(lambda one: one[0] is None).map(lambda one: (*one[1], one[2]))
        fields = StructType([*schema.fields, StructField(COLUMN, StringType())])
        told = session.createDataFrame(bad, fields, verifySchema=False)
        parts = F.split(COLUMN, _BETWEEN, 2)
        return told.withColumn(COLUMN, error(parts[0], trace=parts[1]))

    return Mapped(made, failed)


def from_records(session: SparkSession, records: "RDD[dict[str, Any]]") -> DataFrame:
    """Return dicts as a DataFrame; a scan of all records infers the schema."""
    merged = records.mapPartitions(_types).collect()
    kind = reduce(mergeDataTypes, merged) if merged else glue.StructType()
    return session.createDataFrame(records.map(row_writer(kind)), to_spark(kind), verifySchema=False)


def _types(records: Iterable[dict[str, Any]]) -> Iterator[glue.DataType]:
    kind = glue.StructType()
    for record in records:
        mine = type_of(record)
        kind = kind if mine == kind else mergeDataTypes(kind, mine)  # type: ignore[assignment]
    if kind.fields:
        yield kind


_TYPES: tuple[tuple[Any, type[glue.DataType]], ...] = (
    (bool, glue.BooleanType),
    (str, glue.StringType),
    (float, glue.DoubleType),
    ((bytes, bytearray), glue.BinaryType),
    (datetime.datetime, glue.TimestampType),
    (datetime.date, glue.DateType),
)


def type_of(value: Any) -> glue.DataType:
    """Return the Glue type of a Python value; TypeError if Glue has none."""
    if value is None:
        return glue.NullType()
    if isinstance(value, dict):
        return glue.StructType([glue.Field(str(name), type_of(one)) for name, one in value.items()])
    if isinstance(value, list | tuple | set):
        nothing: glue.DataType = glue.NullType()
        return glue.ArrayType(reduce(mergeDataTypes, map(type_of, value), nothing))
    for kinds, made in _TYPES:
        if isinstance(value, kinds):
            return made()
    if isinstance(value, Long):
        return glue.LongType()
    if isinstance(value, int):
        return glue.IntegerType() if -(2**31) <= value < 2**31 else glue.LongType()
    if isinstance(value, decimal.Decimal):
        scale = max(0, -int(value.as_tuple().exponent))
        return glue.DecimalType(max(len(value.as_tuple().digits), scale + 1), scale)
    raise TypeError(f"a record contains a {type(value).__name__}: Glue has no type for it")


def row_writer(kind: glue.DataType) -> Callable[[Any], Any]:
    """Return a function that converts Python values to Spark; ``kind`` is the merged type of all values."""
    if isinstance(kind, glue.StructType):
        inner = [(one.name, row_writer(one.dataType)) for one in kind]
        return lambda record: None if record is None else tuple(put(record.get(name)) for name, put in inner)
    if isinstance(kind, glue.LongType):
        return lambda number: None if number is None else int(number)  # Spark does not support subclasses of int
    if isinstance(kind, glue.ArrayType):
        put_one = row_writer(kind.elementType)
        return lambda some: None if some is None else [put_one(one) for one in some]
    if isinstance(kind, glue.ChoiceType):
        puts = [(one.typeName(), row_writer(one)) for one in kind.choices]

        def choose(value: Any) -> Any:
            name = type_of(value).typeName()
            return None if value is None else tuple(put(value) if name == own else None for own, put in puts)

        return choose
    return _same
