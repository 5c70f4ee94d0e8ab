"""CSV files: every field is a string, as Glue reads them."""

import csv
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from pyspark.sql import Column, DataFrame, DataFrameReader, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from ..columns import choice
from ..columns.errors import COLUMN, error
from ..options import check, true
from .file_heads import first_lines

WIDTH = "__width"  # our own option: the number of a catalog table's columns, however short the first lines are
HONOURED = ("separator", "quoteChar", "escaper", "multiLine", "withHeader", "skipFirst", "writeHeader", WIDTH)
_CORRUPT, _MORE = "__glue_corrupt", "__glue_more"
_HEADER_CHECKER = "org.apache.spark.sql.catalyst.csv.CSVHeaderChecker"


def read(
    spark: SparkSession, reader: DataFrameReader, paths: list[str], options: Mapping[str, Any], keys: StructType
) -> DataFrame:
    """Return the records of files; fields are named by each file's header, or else col0, col1 and so on.

    Files with different headers are read with the union of their fields. A header cell that is empty or repeats a name is named by
    its position, like a column without a header. Rows with more values than columns are error records.
    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-format-csv-home.html
    """
    check("csv", options, HONOURED)
    header, written = true(options, "withHeader"), dialect(options)
    lines = first_lines(spark, paths)
    files = [(path, _cells(line, written)) for path, line in zip(paths, lines, strict=True) if line]
    if not files:
        return spark.createDataFrame([], StructType([]))
    reader = reader.options(**written, multiLine=true(options, "multiLine"), mode="PERMISSIVE")
    reader = reader.option("header", header or true(options, "skipFirst"))
    _silence_header_checks(spark)
    if not header:
        width = max(int(options.get(WIDTH, 0)), *(len(cells) for _, cells in files))
        return _read(reader, [path for path, _ in files], [f"col{place}" for place in range(width)], keys, written)
    by_names: dict[tuple[str, ...], list[str]] = {}
    for path, cells in files:
        by_names.setdefault(tuple(unique_names(cells)), []).append(path)
    frames = [_read(reader, some, names, keys, written) for names, some in by_names.items()]
    return reduce(choice.union, frames)


def unique_names(cells: Sequence[str]) -> list[str]:
    """Return a column name for each cell of a header: col<position> if the cell is empty or repeats a name."""
    names: list[str] = []
    for place, cell in enumerate(cells):
        names.append(f"col{place}" if not cell.strip() or cell in names else cell)
    return names


def _cells(line: str, written: Mapping[str, str]) -> list[str]:
    if len(written["sep"]) != 1:
        return line.split(written["sep"])
    quoted = {"quotechar": written["quote"]} if written["quote"] else {"quoting": csv.QUOTE_NONE}
    escaped = {} if written["escape"] in (written["quote"], "\x00") else {"escapechar": written["escape"]}
    return next(iter(csv.reader([line], delimiter=written["sep"], **quoted, **escaped)), [""])  # type: ignore[arg-type]


def _read(
    reader: DataFrameReader, paths: Sequence[str], names: Sequence[str], keys: StructType, written: Mapping[str, str]
) -> DataFrame:
    data = [name for name in names if name not in keys.names]
    strings = [StructField(name, StringType()) for name in data]
    # Spark fills this column with the text of rows whose number of values is not the number of columns, but counts the
    # values only if it parses all columns.
    schema = StructType([*strings, StructField(_CORRUPT, StringType()), *keys.fields])
    reader = reader.option("columnNameOfCorruptRecord", _CORRUPT).option("columnPruning", "false")
    rows = reader.schema(schema).csv(list(paths))
    return rows.withColumn(COLUMN, _too_long(data, written)).drop(_CORRUPT)


def _too_long(data: Sequence[str], written: Mapping[str, str]) -> Column:
    text = F.col(_CORRUPT)
    columns = ", ".join([*(f"c{place} string" for place in range(len(data))), f"{_MORE} string"])
    more = F.from_csv(text, columns, dict(written)).getField(_MORE)
    # Spark refuses a query that needs only the column of corrupt records, as a count does: this needs another one.
    other = F.coalesce(F.col(f"`{data[0]}`"), F.lit("")) != "\0"
    longer = text.isNotNull() & more.isNotNull() & other
    return F.when(longer, error(f"the row has more values than the {len(data)} columns", text))


def _silence_header_checks(spark: SparkSession) -> None:
    # Spark warns for each file that the header does not match the schema; the schema was made from the header.
    log4j: Any = spark.sparkContext._jvm.org.apache.logging.log4j
    log4j.core.config.Configurator.setLevel(_HEADER_CHECKER, log4j.Level.ERROR)


def dialect(options: Mapping[str, Any]) -> dict[str, str]:
    """Return Spark's options for Glue's separator, quoteChar (-1 for none) and escaper."""
    quote = str(options.get("quoteChar", '"'))
    quote = "" if quote == "-1" else quote
    # Without an escaper, a quote inside quotes is doubled; for Spark this is a quote that escapes itself.
    escape = options.get("escaper") or quote or "\x00"
    return {"sep": str(options.get("separator", ",")), "quote": quote, "escape": str(escape)}
