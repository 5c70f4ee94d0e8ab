"""Formats: Glue's options of json, csv and parquet as Spark's.

Page: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-format.html
"""

from collections.abc import Mapping
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from awsglue.options import check, is_true

_HONOURED = {
    "json": {"multiLine", "multiline"},
    "csv": {
        "separator", "escaper", "quoteChar", "multiLine", "multiline", "withHeader", "writeHeader", "skipFirst",
        "strictCheckForQuoting",
    },
    "parquet": {"compression"},
    "orc": set[str](),
}  # fmt: skip


def spark_format(name: str) -> str:
    """Return Spark's name of a format; NotImplementedError for one that is not built yet."""
    lowered = name.lower()
    if lowered == "glueparquet":
        return "parquet"
    if lowered not in _HONOURED:
        raise NotImplementedError(f"awsglue: the format {name!r} is not emulated yet; there are {', '.join(_HONOURED)}")
    return lowered


def read(spark: SparkSession, paths: list[str], name: str, options: Mapping[str, Any], schema: Any = None) -> DataFrame:
    """Return the rows of files; a csv file's fields are strings, named col0, col1, … without a header."""
    kind = spark_format(name)
    check(options, _HONOURED[kind], f"{kind} format")
    reader = spark.read.format(kind).options(**_reading(kind, options))
    if schema is not None:
        reader = reader.schema(schema)
    frame = reader.load(paths)
    if kind == "csv" and schema is None and not is_true(options.get("withHeader", False)):
        frame = frame.toDF(*(f"col{n}" for n in range(len(frame.columns))))
    return frame


def writing(name: str, options: Mapping[str, Any]) -> dict[str, str]:
    """Return Spark's options for writing a format."""
    kind = spark_format(name)
    check(options, _HONOURED[kind], f"{kind} format")
    if kind == "csv":
        header = str(is_true(options.get("writeHeader", True))).lower()
        return {"header": header, **_csv(options)}
    return {"compression": str(options["compression"])} if options.get("compression") else {}


def _reading(kind: str, options: Mapping[str, Any]) -> dict[str, str]:
    multi = is_true(options.get("multiLine", options.get("multiline", False)))
    if kind == "json":
        return {"multiLine": str(multi).lower()}
    if kind == "csv":
        if is_true(options.get("skipFirst", False)):
            raise NotImplementedError("awsglue: csv format option 'skipFirst' is not emulated yet")
        header = str(is_true(options.get("withHeader", False))).lower()
        return {"header": header, "multiLine": str(multi).lower(), **_csv(options)}
    return {}


def _csv(options: Mapping[str, Any]) -> dict[str, str]:
    quote = options.get("quoteChar", '"')
    spark_options = {"sep": str(options.get("separator", ",")), "quote": "" if str(quote) == "-1" else str(quote)}
    if options.get("escaper"):
        spark_options["escape"] = str(options["escaper"])
    return spark_options
