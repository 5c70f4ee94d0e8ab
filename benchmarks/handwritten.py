"""What an engineer would write without Glue: the pipeline's transformations on local files, in one plain session.

Called with the folder of raw files and the folder to write to; prints the seconds from the first read to the last
write, its session being up and exercised before, as a warm driver's is.
"""

import sys
import time
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "jobs"), str(ROOT)]

from jobs import aggregate, load_points, repartition  # noqa: E402 - after the path on which jobs find each other

KEYS = ("year", "month", "day", "hour")
CLOCK = (60, 10)  # minutes after which a clock counts as frozen or in the future


def main(raw: str, target: str) -> None:
    """Run the transformations and say how long they took."""
    spark = SparkSession.builder.master("local[*]").config("spark.ui.enabled", "false").getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    spark.conf.set("spark.sql.shuffle.partitions", "4")
    spark.range(1000).repartition(4).groupBy("id").count().collect()
    points = _points(spark, raw)
    began = time.perf_counter()
    events = _repartition(spark, raw, target)
    _aggregate(spark, events, points, target)
    print(f"seconds: {time.perf_counter() - began:.3f}")


def _points(spark: SparkSession, raw: str) -> DataFrame:
    rows = [row for path in Path(raw, "config").iterdir() for row in load_points.parse(path.read_bytes(), path.name)]
    names = aggregate.POINT.names
    return spark.createDataFrame([tuple(row.get(n) for n in names) for row in rows], aggregate.POINT).cache()


def _repartition(spark: SparkSession, raw: str, target: str) -> str:
    typed = repartition.typed(
        spark.read.json(f"{raw}/raw").withColumns({key: F.col(key).cast("string") for key in KEYS})
    )
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
    keyed.repartition(*KEYS).write.mode("overwrite").partitionBy(*KEYS).parquet(path)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
