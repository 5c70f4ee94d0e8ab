"""unbox: text in a field, JSON or CSV, as the struct that it describes."""

import json
from collections.abc import Mapping
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from . import gluetypes as glue
from .errors import COLUMN, error
from .fields import put
from .inference import infer, parsed
from .paths import find, parts, quoted
from .schemas import glue_type

_OPTIONS = ("separator", "escaper", "skipFirst", "withSchema", "withHeader")


def check(format: str, options: Mapping[str, Any]) -> None:
    """Raise for a format or an option that ``unbox`` does not have."""
    if format.lower() not in ("json", "csv"):
        raise NotImplementedError(f"unbox of the format {format!r} is not emulated yet; json and csv are")
    for name in options:
        if name not in _OPTIONS:
            raise NotImplementedError(f"unbox: the option {name!r} is not emulated yet; {', '.join(_OPTIONS)} are")


def unboxed(frame: DataFrame, path: str, format: str, options: Mapping[str, Any]) -> DataFrame:
    """Return ``frame`` with the text at ``path`` as a struct; text that is none makes its record an error.

    Without ``withSchema`` all texts are read once for their types.
    """
    spelled = find(frame.schema, parts(path))
    if spelled is None:
        return frame
    text = F.col(quoted(spelled))
    kind = _given(options["withSchema"]) if options.get("withSchema") else None
    value = _json(frame, text, kind) if format.lower() == "json" else _csv(frame, text, kind, options)
    wrong = F.when(text.isNotNull() & value.isNull(), error(f"error in {format.lower()} reader", text))
    return put(frame.withColumn(COLUMN, wrong), spelled, value)


def _given(schema: str) -> glue.DataType:
    """Return the type in ``withSchema``: the JSON of a StructType of Glue's or of Spark's."""
    document = json.loads(schema)
    return glue.from_json(document) if "dataType" in document else glue_type(StructType.fromJson(document))


def _json(frame: DataFrame, text: Column, kind: glue.DataType | None) -> Column:
    # Inside an object of its own, so that arrays and plain values are boxed text as well.
    whole = F.concat(F.lit('{"v":'), text, F.lit("}"))
    if kind is None:
        boxed = infer(frame.select(whole.alias("value")))
    else:
        boxed = glue.StructType([glue.Field("v", kind)])
    return parsed(whole, boxed).getField("v") if boxed.hasField("v") else F.lit(None).cast("string")


def _csv(frame: DataFrame, text: Column, kind: glue.DataType | None, options: Mapping[str, Any]) -> Column:
    header = _true(options, "withHeader")
    lines = F.split(text, "\r?\n")
    line = F.element_at(lines, 2) if header or _true(options, "skipFirst") else F.element_at(lines, 1)
    reading = {"sep": options.get("separator", ","), "escape": options.get("escaper") or '"'}
    if isinstance(kind, glue.StructType):
        names = [one.name for one in kind]
    else:
        first = frame.where(text.isNotNull()).select(lines[0].alias("value")).limit(1)
        strings = [row["value"] for row in first.collect()]
        cells = frame.sparkSession.read.options(**reading).csv(frame.sparkSession.sparkContext.parallelize(strings))
        found = cells.first()
        names = [str(one) for one in found] if header and found else [f"col{n}" for n in range(len(cells.columns))]
    return F.from_csv(line, ", ".join(f"`{name}` string" for name in names), reading)


def _true(options: Mapping[str, Any], name: str) -> bool:
    return str(options.get(name, False)).lower() == "true"
