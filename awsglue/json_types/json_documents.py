"""Split JSON files into documents like Glue: line breaks do not matter, and each element of an array is a record."""

from collections.abc import Callable, Sequence
from urllib.parse import unquote, urlsplit

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from .java_udf import register

_NAME = "AwsglueJsonDocuments"
# Glue reads larger files in splits, which start and end at line breaks.
_SPLIT = 128 * 2**20


def explode_arrays(texts: DataFrame, column: str) -> DataFrame:
    """Return a row for each element if the column contains a JSON array."""
    register(texts.sparkSession, _NAME, returns_array=True)
    array = F.trim(column).startswith("[")
    return _exploded(texts, column, F.when(array, F.call_udf(_NAME, F.col(column))))


def documents_by_line(texts: DataFrame, column: str) -> DataFrame:
    """Split whole files into a row for each document, or into lines if a document is malformed."""
    register(texts.sparkSession, _NAME, returns_array=True)
    found = F.coalesce(F.call_udf(_NAME, F.col(column)), F.split(column, "\r\n|\r|\n"))
    return _exploded(texts, column, found).where(F.trim(column) != "")


def documents_in_files(texts: DataFrame, column: str) -> DataFrame:
    """Split whole files into a row for each document; a file with a malformed document is not split."""
    register(texts.sparkSession, _NAME, returns_array=True)
    return _exploded(texts, column, F.call_udf(_NAME, F.col(column)))


def _exploded(texts: DataFrame, column: str, found: Column) -> DataFrame:
    others = [F.col(f"`{name}`") for name in texts.columns if name != column]
    one = F.explode(F.coalesce(found, F.array(F.col(column)))).alias(column)
    return texts.select(one, *others)


def split_by_layout(lines: DataFrame, paths: Sequence[str], is_document: Column) -> tuple[list[str], list[str]]:
    """Return the files that have one document per line, and the others that are small enough to be read whole."""
    place = F.col("_metadata.file_path"), F.col("_metadata.file_size")
    found = lines.where(~is_document).select(*place).where(f"file_size <= {_SPLIT}").distinct().collect()
    streams = {_of_uri(row["file_path"]) for row in found}
    spelled = _spelled(lines.sparkSession)
    whole = [path for path in paths if spelled(path) in streams]
    return [path for path in paths if path not in set(whole)], whole


def _of_uri(uri: str) -> tuple[str, str]:
    parts = urlsplit(uri)
    return parts.netloc, unquote(parts.path)


def _spelled(spark: SparkSession) -> Callable[[str], tuple[str, str]]:
    """Return a function that splits a script's path into bucket and key, as Hadoop does."""
    hadoop = spark._jvm.org.apache.hadoop.fs.Path

    def spelled(path: str) -> tuple[str, str]:
        uri = hadoop(path).toUri()
        return str(uri.getAuthority() or ""), str(uri.getPath())

    return spelled
