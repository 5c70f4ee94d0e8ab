"""Glue Studio's transforms, written from their pages: importing a transform's module makes it a method of frames.

Pages: https://docs.aws.amazon.com/glue/latest/dg/edit-jobs-transforms.html and those it links. Names of parameters are
those in scripts that Glue Studio generates. This module runs in scripts, beside the awsglue that they import.
"""

import re
import time
from collections.abc import Callable, Sequence
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, MapType, NumericType, StringType, StructType

from awsglue.dynamicframe import DynamicFrame

# Python's date codes in Spark's syntax.
_DATE_CODES = {
    "Y": "yyyy", "y": "yy", "m": "MM", "B": "MMMM", "b": "MMM", "d": "dd", "j": "DDD", "A": "EEEE", "a": "E",
    "H": "HH", "I": "hh", "M": "mm", "S": "ss", "f": "SSSSSS", "p": "a", "%": "%",
}  # fmt: skip
_PARTS_OF_A_SECOND = {"seconds": 1, "milliseconds": 1_000, "microseconds": 1_000_000}
# Numbers up to these are seconds (until the year 5138) and milliseconds.
_MOST_SECONDS, _MOST_MILLISECONDS = 10**11, 10**14


def attach(name: str) -> None:
    """Make a transform a method of DynamicFrame and DataFrame."""
    transform = TRANSFORMS[name]

    def of_frame(self: DynamicFrame, *args: Any, **kwargs: Any) -> DynamicFrame:
        return DynamicFrame.fromDF(transform(self.toDF(), *args, **kwargs), self.glue_ctx, self.name)

    setattr(DynamicFrame, name, of_frame)
    setattr(DataFrame, name, transform)


def array_to_cols(rows: DataFrame, colName: str, colList: str, indexes: str = "") -> DataFrame:
    """Add a column for each name in ``colList``, with the elements of an array at ``indexes``, from 1, or else the first."""
    names = _listed(colList)
    places = [int(one) for one in _listed(indexes)] or list(range(1, len(names) + 1))
    if len(places) != len(names):
        raise ValueError(f"gs_array_to_cols: {len(names)} columns but {len(places)} indexes")
    for name, place in zip(names, places, strict=True):
        rows = rows.withColumn(name, F.get(F.col(colName), F.lit(place - 1)))
    return rows


def concat(rows: DataFrame, colName: str, colList: Sequence[str], spacer: str = "") -> DataFrame:
    """Join columns to one string; a null is an empty string."""
    columns = [F.coalesce(F.col(_name(one)).cast("string"), F.lit("")) for one in colList]
    return rows.withColumn(_bare(colName), F.concat_ws(spacer, *columns))


def derived(rows: DataFrame, colName: str, expr: str) -> DataFrame:
    """Add or replace a column with the value of a SQL expression."""
    return rows.withColumn(_bare(colName), F.expr(expr))


def explode(rows: DataFrame, colName: str, newCol: str = "", outer: bool = False) -> DataFrame:
    """Return a row for each element of an array, or each entry of a map as the columns key and value instead of it.

    ``outer`` keeps rows whose array is null or empty. ``newCol`` keeps the array beside the new column.
    """
    function = F.explode_outer if outer else F.explode
    if not isinstance(rows.select(F.col(colName)).schema[0].dataType, MapType):
        return rows.withColumn(_bare(newCol or colName), function(F.col(colName)))
    if newCol:
        raise NotImplementedError("gs_explode of a map with newCol is not emulated: its columns are key and value")
    others = [F.col(_name(one)) for one in rows.columns if one != _bare(colName)]
    return rows.select(*others, function(F.col(colName)).alias("key", "value"))


def flatten(rows: DataFrame, maxLevels: int = 0, separator: str = ".") -> DataFrame:
    """Replace structures by their fields, down to ``maxLevels``, 0 for all; names are joined by ``separator``."""

    def fields(schema: StructType, above: Column | None, prefix: str, level: int) -> list[Column]:
        columns: list[Column] = []
        for field in schema.fields:
            column = F.col(_name(field.name)) if above is None else above.getField(field.name)
            name = f"{prefix}{field.name}"
            if isinstance(field.dataType, StructType) and (maxLevels == 0 or level < maxLevels):
                columns += fields(field.dataType, column, f"{name}{separator}", level + 1)
            else:
                columns.append(column.alias(name))
        return columns

    return rows.select(*fields(rows.schema, None, "", 0))


def format_timestamp(rows: DataFrame, colName: str, dateFormat: str, newColName: str = "") -> DataFrame:
    """Convert a timestamp to a string; the format is Spark's, or has Python's date codes."""
    return rows.withColumn(_bare(newColName or colName), F.date_format(F.col(colName), spark_format(dateFormat)))


def now(rows: DataFrame, colName: str = "timestamp", dateFormat: str = "") -> DataFrame:
    """Add the current time, as a timestamp, or as a string with a format."""
    column = F.current_timestamp()
    return rows.withColumn(_bare(colName), F.date_format(column, spark_format(dateFormat)) if dateFormat else column)


def null_rows(rows: DataFrame, extended: bool = False) -> DataFrame:
    """Drop rows in which every column is null, or, ``extended``, an empty string, array or map."""
    kept = F.lit(False)
    for field in rows.schema.fields:
        column = F.col(_name(field.name))
        filled = column.isNotNull()
        if extended and isinstance(field.dataType, StringType):
            filled = filled & (F.length(column) > 0)
        elif extended and isinstance(field.dataType, ArrayType | MapType):
            filled = filled & (F.size(column) > 0)
        kept = kept | filled
    return rows.where(kept)


def pivot(rows: DataFrame, aggCol: str, aggFunction: str, colList: Sequence[str]) -> DataFrame:
    """Make a column of each value in a column, with an aggregate of ``aggCol``; rows are grouped by the other columns."""
    if len(colList) != 1:
        raise NotImplementedError(f"gs_pivot is emulated for one column, not {len(colList)}")
    used = {_bare(aggCol), _bare(colList[0])}
    others = [_name(one) for one in rows.columns if one not in used]
    return rows.groupBy(*others).pivot(_bare(colList[0])).agg(getattr(F, aggFunction)(F.col(_name(aggCol))))


def repartition(rows: DataFrame, numPartitionsStr: str = "") -> DataFrame:
    """Distribute rows over partitions, as many as there are cores if no number is given."""
    return rows.repartition(int(numPartitionsStr or rows.sparkSession.sparkContext.defaultParallelism))


def sequence_id(rows: DataFrame, colName: str = "id", unique: bool = False) -> DataFrame:
    """Number rows, with gaps; ``unique`` includes the time, so that other runs have other numbers, of type decimal."""
    number = F.monotonically_increasing_id()
    if unique:
        # 13 digits of milliseconds, 19 of the number, which is at most 2^63.
        number = F.lit(f"{int(time.time() * 1000)}{'0' * 19}").cast("decimal(38,0)") + number.cast("decimal(19,0)")
        number = number.cast("decimal(38,0)")
    return rows.withColumn(_bare(colName), number)


def split(rows: DataFrame, colName: str, pattern: str, newColName: str = "") -> DataFrame:
    """Split a string to an array by a regular expression."""
    return rows.withColumn(_bare(newColName or colName), F.split(F.col(colName), pattern))


def to_timestamp(rows: DataFrame, colName: str, colType: str = "autodetect", newColName: str = "") -> DataFrame:
    """Convert a number (seconds, milliseconds, microseconds) or a string (iso) to a timestamp; autodetect guesses."""
    column = F.col(colName)
    if colType in _PARTS_OF_A_SECOND:
        converted = _instant(column.cast("double"), colType)
    elif colType == "iso":
        converted = F.to_timestamp(column)
    elif colType == "autodetect":
        number = column.cast("double")
        size = F.abs(number)
        guessed = F.when(size <= _MOST_SECONDS, _instant(number, "seconds"))
        guessed = guessed.when(size <= _MOST_MILLISECONDS, _instant(number, "milliseconds"))
        guessed = guessed.otherwise(_instant(number, "microseconds"))
        numeric = isinstance(rows.select(column).schema[0].dataType, NumericType)
        converted = guessed if numeric else F.when(number.isNotNull(), guessed).otherwise(F.to_timestamp(column))
    else:
        raise ValueError(
            f"gs_to_timestamp: colType {colType} is unknown: use iso, autodetect, {', '.join(_PARTS_OF_A_SECOND)}"
        )
    return rows.withColumn(_bare(newColName or colName), converted)


def uuid(rows: DataFrame, colName: str = "uuid") -> DataFrame:
    """Add a column with a UUID in each row."""
    return rows.withColumn(_bare(colName), F.expr("uuid()"))


def spark_format(dateFormat: str) -> str:
    """Return a date format in Spark's syntax; one with ``%`` has Python's date codes. Raises ValueError for an unknown code."""
    if "%" not in dateFormat:
        return dateFormat
    parts = []
    for text, code in re.findall(r"([^%]+)|%(.?)", dateFormat):
        if text:
            parts.append(re.sub(r"[A-Za-z]+", lambda letters: f"'{letters.group()}'", text))
        elif code in _DATE_CODES:
            parts.append(_DATE_CODES[code])
        else:
            raise ValueError(f"date code %{code} is not supported: use {', '.join(f'%{one}' for one in _DATE_CODES)}")
    return "".join(parts)


def _instant(number: Column, unit: str) -> Column:
    return (number / _PARTS_OF_A_SECOND[unit]).cast("timestamp")


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _bare(name: str) -> str:
    """Return a name without the backticks that quote it."""
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] == "`" else name


def _name(name: str) -> str:
    return f"`{_bare(name)}`"


TRANSFORMS: dict[str, Callable[..., DataFrame]] = {
    "gs_array_to_cols": array_to_cols,
    "gs_concat": concat,
    "gs_derived": derived,
    "gs_explode": explode,
    "gs_flatten": flatten,
    "gs_format_timestamp": format_timestamp,
    "gs_now": now,
    "gs_null_rows": null_rows,
    "gs_pivot": pivot,
    "gs_repartition": repartition,
    "gs_sequence_id": sequence_id,
    "gs_split": split,
    "gs_to_timestamp": to_timestamp,
    "gs_uuid": uuid,
}
