"""unbox: parse the JSON or CSV text in a field into a struct."""

import json
from collections.abc import Mapping
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from .. import gluetypes as glue
from ..columns.errors import COLUMN, error
from ..columns.fields import set_field
from ..columns.paths import find, parts, quoted
from ..columns.schemas import glue_type
from .inference import infer, parsed

_OPTIONS = ("separator", "escaper", "skipFirst", "withSchema", "withHeader")


def check(format: str, options: Mapping[str, Any]) -> None:
    """Raise NotImplementedError if the format or an option is not supported."""
    if format.lower() not in ("json", "csv"):
        raise NotImplementedError(f"unbox: the format {format!r} is not emulated yet, use json or csv")
    for name in options:
        if name not in _OPTIONS:
            raise NotImplementedError(f"unbox: the option {name!r} is not emulated yet, use {', '.join(_OPTIONS)}")


def unboxed(frame: DataFrame, path: str, format: str, options: Mapping[str, Any]) -> DataFrame:
    """Parse the text at ``path`` into a struct; a record whose text does not parse becomes an error record.

    Without ``withSchema`` all texts are scanned once to infer their types.
    """
    spelled = find(frame.schema, parts(path))
    if spelled is None:
        return frame
    text = F.col(quoted(spelled))
    kind = _given(options["withSchema"]) if options.get("withSchema") else None
    value = _json(frame, text, kind) if format.lower() == "json" else _csv(frame, text, kind, options)
    wrong = F.when(text.isNotNull() & value.isNull(), error(f"error in {format.lower()} reader", text))
    return set_field(frame.withColumn(COLUMN, wrong), spelled, value)


def _given(schema: str) -> glue.DataType:
    """Parse ``withSchema``: the JSON of a Glue or Spark StructType."""
    document = json.loads(schema)
    return glue.from_json(document) if "dataType" in document else glue_type(StructType.fromJson(document))


def _json(frame: DataFrame, text: Column, kind: glue.DataType | None) -> Column:
    # Wrapped in an object, so that arrays and plain values can be parsed as well.
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
