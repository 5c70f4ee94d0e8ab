"""XML files, read with the spark-xml library."""

import json
from collections.abc import Mapping
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from ..columns.errors import COLUMN, error
from ..json_types import inference
from ..options import check, true
from .schemas import spark_type

_NAMES = {
    "rowTag": "rowTag",
    "encoding": "charset",
    "attributePrefix": "attributePrefix",
    "valueTag": "valueTag",
}
_FLAGS = ("excludeAttribute", "ignoreSurroundingSpaces")
_CORRUPT = "__glue_corrupt"
# Matches a quoted value, but not a name, which a colon follows; quotes inside texts are escaped with a backslash.
_NUMBER = r"-?(?:0|[1-9]\d*+)(?:\.\d++)?(?:[eE][-+]?\d++)?"
_WORD = rf'(?<=[:,\[])"({_NUMBER}|true|false)"(?=[,}}\]])'


def read(spark: SparkSession, paths: list[str], options: Mapping[str, Any]) -> DataFrame:
    """Return the elements named ``rowTag`` as records; attributes become fields with a prefix.

    An element that cannot be parsed, such as one with an entity that only a DOCTYPE defines, is an error record.
    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-format-xml-home.html
    """
    check("xml", options, (*_NAMES, *_FLAGS, "treatEmptyValuesAsNulls", "withSchema"))
    if not options.get("rowTag"):
        raise ValueError('format_options for xml must have "rowTag", the name of the elements to read as records')
    reader = spark.read.format("com.databricks.spark.xml").option("mode", "PERMISSIVE")
    reader = reader.option("columnNameOfCorruptRecord", _CORRUPT)
    for name, theirs in _NAMES.items():
        if name in options:
            reader = reader.option(theirs, str(options[name]))
    for name in _FLAGS:
        reader = reader.option(name, true(options, name))
    if true(options, "treatEmptyValuesAsNulls"):
        reader = reader.option("nullValue", "")
    if options.get("withSchema"):
        given = options["withSchema"]
        schema = spark_type(json.loads(given) if isinstance(given, str) else given)
        reader = reader.schema(StructType([*schema.fields, StructField(_CORRUPT, StringType())]))
    files = ",".join(_literal(path) for path in paths)
    if options.get("withSchema"):
        return _with_errors(reader.load(files))
    return inference.records(_as_json(_with_errors(reader.option("inferSchema", "false").load(files))))


def _with_errors(rows: DataFrame) -> DataFrame:
    if _CORRUPT not in rows.columns:
        return rows
    text = F.col(_CORRUPT)
    return rows.withColumn(COLUMN, F.when(text.isNotNull(), error("error in xml reader", text))).drop(_CORRUPT)


def _as_json(rows: DataFrame) -> DataFrame:
    """Return records of strings as JSON; numbers and booleans lose their quotes, so that their types are inferred."""
    data = [name for name in rows.columns if name != COLUMN]
    if not data:  # no element could be parsed
        return rows.select(F.lit(None).cast("string").alias("value"), *rows.columns)
    whole = F.to_json(F.struct(*(F.col(f"`{name}`") for name in data)), {"ignoreNullFields": "false"})
    text = F.regexp_replace(whole, _WORD, "$1")
    if COLUMN not in rows.columns:
        return rows.select(text.alias("value"))
    return rows.select(F.when(F.col(COLUMN).isNull(), text).alias("value"), COLUMN)


def _literal(path: str) -> str:
    # The library passes one string to Hadoop, which splits it at commas and expands glob patterns.
    special = set(path) & set("\\,{}[]*?")
    if special:
        raise NotImplementedError(f"xml: file names with {' '.join(sorted(special))} are not supported: {path}")
    return path
