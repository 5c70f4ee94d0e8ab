"""Error records: rows that could not be read or transformed, kept in the same DataFrame as the records.

If a DataFrame has the column COLUMN, a row with a value there is an error. DynamicFrame separates such rows.
"""

from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from ..utils import callsite

COLUMN = "__glue_error"
TYPE = "struct<msg:string,stackTrace:string,input:string,bytesread:bigint,source:string>"


@dataclass(frozen=True)
class Step:
    """A transform's error arguments (info, stageThreshold, totalThreshold) and the line of the script that calls it."""

    info: str = ""
    stage: int = 0
    total: int = 0
    site: str = ""


def step(info: str | None = "", stageThreshold: int = 0, totalThreshold: int = 0) -> Step:
    """Return the Step for the transform that the script is calling now."""
    return Step(info or "", int(stageThreshold or 0), int(totalThreshold or 0), callsite())


def error(message: Column | str, text: Column | None = None, trace: Column | None = None) -> Column:
    """Return a value for COLUMN: the message, the input text and the stack trace."""
    nothing = F.lit("")
    text = nothing if text is None else text
    values = {
        "msg": F.lit(message) if isinstance(message, str) else message,
        "stackTrace": nothing if trace is None else trace,
        "input": text,
        "bytesread": F.octet_length(text).cast("bigint"),
        "source": nothing,
    }
    return F.struct(*(value.alias(name) for name, value in values.items()))


def records(rows: DataFrame) -> DataFrame:
    """Return the rows that are records."""
    if COLUMN not in rows.columns:
        return rows
    return rows.where(F.col(COLUMN).isNull()).drop(COLUMN)


def error_records(rows: DataFrame, where: Step) -> DataFrame | None:
    """Return the error rows in the shape of ``errorsAsDynamicFrame``; None if the frame cannot have any."""
    if COLUMN not in rows.columns:
        return None
    parts = ("msg", "stackTrace", "input", "bytesread", "source")
    site = F.struct(F.lit(where.site).alias("site"), F.lit(where.info).alias("info")).alias("callsite")
    record = F.struct(*(F.col(f"`{name}`") for name in rows.columns if name != COLUMN)).alias("dynamicRecord")
    whole = F.struct(site, *(F.col(COLUMN).getField(part).alias(part) for part in parts), record)
    return rows.where(F.col(COLUMN).isNotNull()).select(whole.alias("error"))
