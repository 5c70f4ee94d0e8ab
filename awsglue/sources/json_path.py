"""The jsonPath option: records that are nested in a JSON document."""

from typing import Any

from pyspark.sql import DataFrame, DataFrameReader, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from ..json_types import inference


def read(
    spark: SparkSession, reader: DataFrameReader, paths: list[str], path: str, whole: bool, keys: StructType
) -> DataFrame:
    """Return the values at ``path`` in every line (``whole``: in every file) as records; arrays are exploded.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-format-json-home.html
    """
    if len(keys):
        raise NotImplementedError("json with jsonPath and partition folders in one read is not emulated yet")
    texts = reader.text(paths, wholetext=whole)
    found = F.get_json_object("value", path)
    one = F.when(found.startswith("["), found).otherwise(F.concat(F.lit("["), found, F.lit("]")))
    records = texts.select(F.explode(F.from_json(one, "array<string>")).alias("value")).where("value like '{%'")
    return inference.records(records)


def parsed(spark: SparkSession, texts: DataFrame) -> DataFrame:
    """Parse the only column of ``texts``, JSON documents, with a schema inferred by Spark."""
    strings: Any = spark.sparkContext._jvm.org.apache.spark.sql.Encoders.STRING()
    dataset = getattr(texts._jdf, "as")(strings)
    reader = spark.read.option("mode", "DROPMALFORMED")
    return DataFrame(reader._jreader.json(dataset), spark)
