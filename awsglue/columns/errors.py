"""Error records: what could not be read or transformed, kept beside the records until somebody asks.

A frame with the column COLUMN says there, for each row that is no record, why. DynamicFrame takes such rows aside.
"""

from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from .utils import callsite

COLUMN = "__glue_error"
TYPE = "struct<msg:string,stackTrace:string,input:string,bytesread:bigint,source:string>"


@dataclass(frozen=True)
class Step:
    """What a script says of a transform for its errors: a text, and how many may be too many; 0 is without limit."""

    info: str = ""
    stage: int = 0
    total: int = 0
    site: str = ""


def step(info: str | None, stage: int, total: int) -> Step:
    """Return the step of a transform that the script is calling now."""
    return Step(info or "", int(stage or 0), int(total or 0), callsite())


def error(message: Column | str, text: Column | None = None, trace: Column | None = None) -> Column:
    """Return a value for COLUMN: the message, Python's or Java's trace, the text that was read."""
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


def failures(rows: DataFrame, where: Step) -> DataFrame | None:
    """Return the rows that are none, in the shape of ``errorsAsDynamicFrame``; None where there cannot be any."""
    if COLUMN not in rows.columns:
        return None
    parts = ("msg", "stackTrace", "input", "bytesread", "source")
    site = F.struct(F.lit(where.site).alias("site"), F.lit(where.info).alias("info")).alias("callsite")
    record = F.struct(*(F.col(f"`{name}`") for name in rows.columns if name != COLUMN)).alias("dynamicRecord")
    whole = F.struct(site, *(F.col(COLUMN).getField(part).alias(part) for part in parts), record)
    return rows.where(F.col(COLUMN).isNotNull()).select(whole.alias("error"))
