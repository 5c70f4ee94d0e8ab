"""The pipeline's transformations in one plain PySpark script, as an engineer would write them without Glue.

It runs as a job on the same driver as the pipeline's jobs, with their modules as ``--extra-py-files``. Its argument
``--paths`` has the folder of raw files, the target folder (both s3:// or file://) and the bucket of configurations.
"""

import sys

import aggregate
import boto3
import load_points
import repartition
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

KEYS = ("year", "month", "day", "hour")
CLOCK = (60, 10)  # minutes after which a clock counts as frozen or in the future


def main(raw: str, target: str, bucket: str) -> None:
    """Run the transformations."""
    spark = SparkSession.builder.getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    events = _repartition(spark, raw, target)
    _aggregate(spark, events, _points(spark, bucket), target)


def _points(spark: SparkSession, bucket: str) -> DataFrame:
    s3 = boto3.client("s3")
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=bucket, Prefix="config/")["Contents"]]
    texts = {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}
    rows = [row for key, text in texts.items() for row in load_points.parse(text, key)]
    names = aggregate.POINT.names
    return spark.createDataFrame([tuple(row.get(n) for n in names) for row in rows], aggregate.POINT).cache()


def _repartition(spark: SparkSession, raw: str, target: str) -> str:
    strings = {key: F.col(key).cast("string") for key in KEYS}
    typed = repartition.typed(spark.read.json(f"{raw}/raw").withColumns(strings))
    judged = repartition.judged(typed, *CLOCK).withColumn("was", F.lit(None).cast("string"))
    usable = judged.where("outcome != 'rejected'")
    decided = repartition.deduplicated(usable).unionByName(judged.where("outcome = 'rejected'"))
    placed = repartition.placed(decided).persist()
    for name, schema in repartition.SCHEMAS.items():
        rows = placed.where(F.col("outcome") == name).select(*schema.names, "partition")
        _write(rows, f"{target}/{name}")
    return f"{target}/events"


def _aggregate(spark: SparkSession, events: str, points: DataFrame, target: str) -> None:
    frame = spark.read.parquet(events).withColumn("partition", F.date_format("tijd_waarneming", "yyyy/MM/dd/HH"))
    hours = [row["partition"] for row in frame.select("partition").distinct().collect()]
    _write(aggregate.sites_of(frame, points, hours), f"{target}/sites")


def _write(rows: DataFrame, path: str) -> None:
    values = F.split("partition", "/")
    keyed = rows.select("*", *(values[n].alias(key) for n, key in enumerate(KEYS))).drop("partition")
    keyed.repartition(*KEYS).write.mode("append").partitionBy(*KEYS).parquet(path)


if __name__ == "__main__":
    main(*sys.argv[sys.argv.index("--paths") + 1].split())
