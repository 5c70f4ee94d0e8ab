"""CSV files: every field a text, as Glue reads them."""

from collections.abc import Mapping
from typing import Any

from pyspark.sql import DataFrame, DataFrameReader
from pyspark.sql.types import StringType, StructField, StructType

from ..options import check, true

HONOURED = ("separator", "quoteChar", "escaper", "multiLine", "withHeader", "skipFirst", "writeHeader")


def read(reader: DataFrameReader, paths: list[str], options: Mapping[str, Any], keys: StructType) -> DataFrame:
    """Return the records; fields are named by the header, else col0, col1, … in the width of the first file.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-format-csv-home.html
    """
    check("csv", options, HONOURED)
    header = true(options, "withHeader")
    reader = reader.options(
        **dialect(options),
        multiLine=true(options, "multiLine"),
        header=header or true(options, "skipFirst"),
        mode="PERMISSIVE",
        # Files whose headers differ are refused, for Spark would put the values of one under the names of another.
        enforceSchema=not header,
    )
    names = [name for name in reader.csv(paths).columns if name not in keys.names]
    names = names if header else [f"col{place}" for place in range(len(names))]
    fields = [StructField(name, StringType()) for name in names]
    return reader.schema(StructType([*fields, *keys.fields])).csv(paths)


def dialect(options: Mapping[str, Any]) -> dict[str, str]:
    """Return Spark's options for Glue's separator, quoteChar (-1 is none) and escaper."""
    quote = str(options.get("quoteChar", '"'))
    quote = "" if quote == "-1" else quote
    # Without an escaper a quote inside quotes is doubled, which to Spark is a quote that escapes itself.
    escape = options.get("escaper") or quote or "\x00"
    return {"sep": str(options.get("separator", ",")), "quote": quote, "escape": str(escape)}
