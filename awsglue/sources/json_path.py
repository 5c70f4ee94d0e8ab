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

    Values that are no objects have the field ``record``, as in the tables of crawlers; in an array that the path does
    not open with a wildcard they are skipped.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-format-json-home.html
    """
    if len(keys):
        raise NotImplementedError("json with jsonPath and partition folders in one read is not emulated yet")
    texts = reader.text(paths, wholetext=whole)
    found = F.get_json_object("value", path)
    several = F.when(found.startswith("["), found).when(found.startswith("{"), F.concat(F.lit("["), found, F.lit("]")))
    several = several.otherwise(F.to_json(F.array(found)))
    values = texts.where(found.isNotNull()).select(
        F.explode(F.from_json(several, "array<string>")).alias("value"), found.startswith("[").alias("in_array")
    )
    value = F.col("value")
    if "*" not in path:
        values = values.where(value.startswith("{") | ~F.col("in_array"))
    record = F.when(value.startswith("{"), value).otherwise(F.to_json(F.struct(value.alias("record"))))
    return inference.records(values.where(value.isNotNull()).select(record.alias("value")))


def parsed(spark: SparkSession, texts: DataFrame) -> DataFrame:
    """Parse the only column of ``texts``, JSON documents, with a schema inferred by Spark."""
    strings: Any = spark.sparkContext._jvm.org.apache.spark.sql.Encoders.STRING()
    dataset = getattr(texts._jdf, "as")(strings)
    reader = spark.read.option("mode", "DROPMALFORMED")
    return DataFrame(reader._jreader.json(dataset), spark)
