"""XML files, through the spark-xml library."""

import json
from collections.abc import Mapping
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from .. import inference
from ..options import check, true
from .schemas import spark_type

_NAMES = {
    "rowTag": "rowTag",
    "encoding": "charset",
    "attributePrefix": "attributePrefix",
    "valueTag": "valueTag",
}
_FLAGS = ("excludeAttribute", "ignoreSurroundingSpaces")
# A value in quotes, not a name, which a colon follows; a quote in a text has a backslash before it.
_NUMBER = r"-?(?:0|[1-9]\d*+)(?:\.\d++)?(?:[eE][-+]?\d++)?"
_WORD = rf'(?<=[:,\[])"({_NUMBER}|true|false)"(?=[,}}\]])'


def read(spark: SparkSession, paths: list[str], options: Mapping[str, Any]) -> DataFrame:
    """Return the elements named ``rowTag`` as records; attributes become fields with a prefix.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-format-xml-home.html
    """
    check("xml", options, (*_NAMES, *_FLAGS, "treatEmptyValuesAsNulls", "withSchema"))
    if not options.get("rowTag"):
        raise ValueError('the format xml needs "rowTag" in format_options, the element that is a record')
    reader = spark.read.format("com.databricks.spark.xml").option("mode", "DROPMALFORMED")
    for name, theirs in _NAMES.items():
        if name in options:
            reader = reader.option(theirs, str(options[name]))
    for name in _FLAGS:
        reader = reader.option(name, true(options, name))
    if true(options, "treatEmptyValuesAsNulls"):
        reader = reader.option("nullValue", "")
    if options.get("withSchema"):
        given = options["withSchema"]
        reader = reader.schema(spark_type(json.loads(given) if isinstance(given, str) else given))
    files = ",".join(_literal(path) for path in paths)
    if options.get("withSchema"):
        return reader.load(files)
    return inference.records(_typed(reader.option("inferSchema", "false").load(files)))


def _typed(texts: DataFrame) -> DataFrame:
    """Return records of texts as JSON in which a number and a truth value have no quotes, so that they are told apart."""
    whole = F.to_json(F.struct(*(F.col(f"`{name}`") for name in texts.columns)), {"ignoreNullFields": "false"})
    return texts.select(F.regexp_replace(whole, _WORD, "$1").alias("value"))


def _literal(path: str) -> str:
    # The library hands one text to Hadoop, which splits it at commas and reads patterns in it.
    special = set(path) & set("\\,{}[]*?")
    if special:
        raise NotImplementedError(f"xml: a file whose name has {' '.join(sorted(special))} cannot be read: {path}")
    return path
