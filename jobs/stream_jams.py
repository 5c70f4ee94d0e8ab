"""Glue streaming job: print where traffic jams start and end, as events arrive.

The hot path next to the hourly tables: computes the flow-weighted harmonic speed per point and minute in each window,
and prints a line when a point's speed falls to JAMMED or below and when it rises again. Runs until it is stopped.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import boto3
from botocore.exceptions import ClientError
from pyspark.context import SparkContext
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions

OPTIONS = ["JOB_NAME", "stream", "database", "window", "checkpoint", "starting_position"]
CLASSES = range(2, 6)  # the publisher calls class 1, shorter than a metre, unreliable
NO_SPEED = (251, 252, 254)  # initial value, no vehicles, calculation not possible
JAMMED = 40  # average km/h at or below which traffic is jammed


class Speed(NamedTuple):
    """A point's speed in one minute: epoch seconds, km/h."""

    point: str
    minute: int
    speed: float


def speeds(events: DataFrame) -> DataFrame:
    """Return (point, minute, speed) of the usable events; the feed sends strings."""
    flow = sum((F.coalesce(_number(events, f"verkeersintensiteit_klasse{k}"), F.lit(0)) for k in CLASSES), F.lit(0))
    hours = sum((_hours(events, k) for k in CLASSES), F.lit(0.0))
    usable = (_number(events, "actueel_publicatie") == 1) & (_number(events, "defect") == 0)
    return (
        events.where(usable)
        .select(F.col("unieke_id").alias("point"), _number(events, "tijd_waarneming").alias("minute"), flow / hours)
        .toDF("point", "minute", "speed")
        .where("point is not null and minute is not null and speed > 0")
        .dropDuplicates(["point", "minute"])
    )


def _number(events: DataFrame, name: str) -> Column:
    # try_cast, because Glue 6.0 runs Spark in ANSI mode, where cast raises.
    return F.expr(f"try_cast(trim(`{name}`) as bigint)") if name in events.columns else F.lit(None).cast("bigint")


def _hours(events: DataFrame, k: int) -> Column:
    count = _number(events, f"verkeersintensiteit_klasse{k}")
    speed = _number(events, f"voertuigsnelheid_harmonisch_klasse{k}")
    known = (count > 0) & (speed > 0) & ~speed.isin(*NO_SPEED)
    return F.when(known, count / speed).otherwise(F.lit(0.0))


def changes(found: Iterable[Speed], jammed: dict[str, int]) -> Iterator[tuple[str, Speed]]:
    """Yield ("JAM" or "CLEAR", speed) when a point changes; ``jammed`` keeps the jammed points between windows."""
    for one in sorted(found, key=lambda speed: (speed.minute, speed.point)):
        if one.speed <= JAMMED and one.point not in jammed:
            jammed[one.point] = one.minute
            yield "JAM", one
        elif one.speed > JAMMED and one.point in jammed:
            del jammed[one.point]
            yield "CLEAR", one


def places(context: GlueContext, database: str) -> dict[str, str]:
    """Return each point's location as text; empty if load_points has not filled the table yet."""
    try:
        table = boto3.client("glue").get_table(DatabaseName=database, Name="points")["Table"]
    except ClientError:
        return {}
    frame = context.create_dynamic_frame.from_catalog(database=database, table_name=table["Name"]).toDF()
    if "unieke_id" not in frame.columns:
        return {}
    rows = frame.where("valid_to is null").select("unieke_id", "ident_8", "kmp_rsys").collect()
    return {
        row["unieke_id"]: f"{row['ident_8']} km {row['kmp_rsys']:.1f}" for row in rows if row["kmp_rsys"] is not None
    }


def line(change: str, one: Speed, where: Mapping[str, str]) -> str:
    """Return the line to print for a change."""
    return f"{change:<5} {where.get(one.point, f'point {one.point}')} {one.speed:.0f} km/h minute {one.minute}"


def main() -> None:
    """Run the job until it is stopped."""
    args = getResolvedOptions(sys.argv, OPTIONS)
    context = GlueContext(SparkContext.getOrCreate())
    job = Job(context)
    job.init(args["JOB_NAME"], args)
    where = places(context, args["database"])
    jammed: dict[str, int] = {}

    def window(batch: DataFrame, batch_id: int) -> None:
        found = [Speed(*row) for row in speeds(batch).collect()]
        for change, one in changes(found, jammed):
            print(line(change, one, where), flush=True)

    options: dict[str, Any] = {
        "streamName": args["stream"],
        "classification": "json",
        "inferSchema": "true",
        "startingPosition": args["starting_position"],
    }
    events = context.create_data_frame.from_options(connection_type="kinesis", connection_options=options)
    print(f"watching {args['stream']}: jams are {JAMMED} km/h and below", flush=True)
    context.forEachBatch(
        frame=events,
        batch_function=window,
        options={"windowSize": args["window"], "checkpointLocation": args["checkpoint"]},
    )


if __name__ == "__main__":
    main()
