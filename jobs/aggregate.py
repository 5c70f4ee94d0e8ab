"""Glue job: aggregate lanes to road sites per minute: speeds, counts and jams.

Recomputes the hours of ``sites`` whose inputs changed: an hour is computed from its own events and, because windows
look back, from the last minutes of the hour before. Every partition of ``sites`` records the versions and the
configuration it was computed from, so the catalog tells which hours are stale, and a failed run needs no cleanup.
"""

import hashlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import boto3
from partition_versions import Hour, VersionedTable, hour_start, new_version, open_table
from pyspark.context import SparkContext
from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql.types import DoubleType, IntegerType, StringType, StructField, StructType, TimestampType

from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions

OPTIONS = ["JOB_NAME", "database", "execution"]

CLASSES = range(2, 6)  # the publisher calls class 1, shorter than a metre, unreliable
SHORT, LONG = 3, 20  # window lengths in minutes
JAMMED = 40  # average km/h at or below which traffic is jammed
CHANGED = 20  # km/h from one minute to the next
SITE = ("ident_8", "kmp_rsys")

# Only the columns that are needed, so that Spark reads no others.
EVENT = StructType(
    [
        StructField("unieke_id", StringType()),
        StructField("tijd_waarneming", TimestampType()),
        StructField("rekendata_bezettingsgraad", IntegerType()),
        *(StructField(f"verkeersintensiteit_klasse{k}", IntegerType()) for k in CLASSES),
        *(StructField(f"voertuigsnelheid_harmonisch_klasse{k}", IntegerType()) for k in CLASSES),
    ]
)
POINT = StructType(
    [
        StructField("unieke_id", StringType()),
        StructField("valid_from", TimestampType()),
        StructField("valid_to", TimestampType()),
        StructField("ident_8", StringType()),
        StructField("kmp_rsys", DoubleType()),
        StructField("rijstrook", StringType()),
    ]
)


# Pure transformations: DataFrame in, DataFrame out.


def lanes(events: DataFrame) -> DataFrame:
    """Add ``flow`` and ``travel``, the sums of q and q/v over all classes with a known speed."""
    flows, travels = [], []
    for k in CLASSES:
        q, v = F.col(f"verkeersintensiteit_klasse{k}"), F.col(f"voertuigsnelheid_harmonisch_klasse{k}")
        known = (q > 0) & (v > 0)
        flows.append(F.when(known, q).otherwise(0))
        travels.append(F.when(known, q / v).otherwise(0.0))
    counts = [F.coalesce(f"verkeersintensiteit_klasse{k}", F.lit(0)) for k in CLASSES]
    return events.withColumns({"flow": _sum(flows), "travel": _sum(travels), "vehicles": _sum(counts)})


def _sum(columns: Iterable[Column]) -> Column:
    return sum(columns, F.lit(0))


def in_force(points: DataFrame) -> DataFrame:
    """Add ``since`` and ``until``, the period in which a point's configuration applies.

    The first known configuration also applies to the time before it.
    """
    first = F.min("valid_from").over(Window.partitionBy("unieke_id"))
    return points.select(
        "unieke_id",
        *SITE,
        "rijstrook",
        F.when(F.col("valid_from") > first, F.col("valid_from"))
        .otherwise(F.timestamp_seconds(F.lit(0)))
        .alias("since"),
        F.coalesce("valid_to", F.timestamp_seconds(F.lit(253_402_300_799))).alias("until"),
    ).where(" and ".join(f"{key} is not null" for key in SITE))


def _applies() -> Column:
    return (F.col("since") <= F.col("tijd_waarneming")) & (F.col("tijd_waarneming") < F.col("until"))


def carriageway(events: DataFrame, points: DataFrame) -> DataFrame:
    """Return the lanes that carry the site's traffic, with their site: regular lanes, and rush-hour lanes when open.

    Bus lanes, hard shoulders, ghost traffic and parkings do not describe the carriageway. A rush-hour lane (S) is
    taken as open in a minute in which a vehicle passed.
    """
    placed = lanes(events).join(F.broadcast(in_force(points)), "unieke_id").where(_applies())
    kind = F.substring("rijstrook", 1, 1)
    # TR (ghost traffic) does not start with R.
    return placed.where((kind == "R") | ((kind == "S") & (F.col("vehicles") > 0)))


def every_site(events: DataFrame, points: DataFrame) -> DataFrame:
    """Return every configured site for every minute observed anywhere, including sites without a measurement."""
    minutes = events.select("tijd_waarneming").distinct()
    sites = in_force(points).select(*SITE, "since", "until").distinct()
    return minutes.join(F.broadcast(sites), _applies()).select(*SITE, "tijd_waarneming").distinct()


def site_minutes(located: DataFrame, skeleton: DataFrame) -> DataFrame:
    """Return one row per site and minute: counts, occupancy (%), flow-weighted harmonic speed sum(q)/sum(q/v) (km/h)."""
    counts = {f"traffic_intensity_class{k}": f"verkeersintensiteit_klasse{k}" for k in CLASSES}
    rows = located.unionByName(skeleton, allowMissingColumns=True)
    # Partitioned by site only, so that the windows over a site's minutes need no second shuffle.
    return (
        rows.repartition(*SITE)
        .groupBy(*SITE, "tijd_waarneming")
        .agg(
            F.count("unieke_id").cast("int").alias("lanes"),
            *(F.sum(source).cast("int").alias(name) for name, source in counts.items()),
            F.round(F.avg("rekendata_bezettingsgraad"), 3).alias("bezettingsgraad"),
            # Rounded, because the last digit of a sum depends on the order of its terms.
            F.round(F.sum("flow") / F.sum("travel"), 3).alias("current_speed"),
        )
    )


def with_windows(sites: DataFrame) -> DataFrame:
    """Add the window columns to site minutes; windows are time-based, so gaps are not bridged.

    ``traffic_jam_indicator`` (and ``_long``): 1 when the average speed is at most 40 km/h, 0 above, -1 when unknown.
    ``speed_diff_indicator``: 1 or -1 when the speed rose or fell by 20 km/h or more from the minute before, else 0.
    """
    site = Window.partitionBy(*SITE).orderBy(F.unix_timestamp("tijd_waarneming"))
    averages = {
        f"avg_speed_{n}_minutes": F.round(F.avg("current_speed").over(site.rangeBetween(-60 * n + 1, 0)), 3)
        for n in (SHORT, LONG)
    }
    before = F.first("current_speed").over(site.rangeBetween(-60, -60))
    change = F.col("current_speed") - F.col("previous_speed")
    return (
        sites.withColumns({"previous_speed": before, **averages})
        .withColumn("speed_diff_indicator", F.when(change >= CHANGED, 1).when(change <= -CHANGED, -1).otherwise(0))
        .withColumn("traffic_jam_indicator", jam(f"avg_speed_{SHORT}_minutes"))
        .withColumn("traffic_jam_indicator_long", jam(f"avg_speed_{LONG}_minutes"))
    )


def jam(average: str) -> Column:
    """Return 1 if the average is at most 40 km/h, 0 if it is higher, -1 if it is unknown."""
    return F.when(F.col(average) <= JAMMED, 1).when(F.col(average) > JAMMED, 0).otherwise(-1)


def sites_of(events: DataFrame, points: DataFrame, hours: Iterable[Hour]) -> DataFrame:
    """Return the site minutes of the given hours; ``events`` must include the minutes that windows look back on."""
    wanted = F.col("partition").isin(*hours)
    rows = with_windows(site_minutes(carriageway(events, points), every_site(events.where(wanted), points)))
    return rows.withColumn("partition", F.date_format("tijd_waarneming", "yyyy/MM/dd/HH")).where(wanted)


# The run: find the stale hours and write one new version of each.


def hour_before(hour: Hour) -> Hour:
    """Return the previous hour."""
    return f"{hour_start(hour) - timedelta(hours=1):%Y/%m/%d/%H}"


@dataclass(frozen=True)
class Configuration:
    """The points in force from ``since`` to ``until``, as a digest of their configuration."""

    since: datetime
    until: datetime
    digest: str


def configurations(points: DataFrame) -> list[Configuration]:
    """Return one configuration for each period in which points were in force."""
    digest = F.sum(F.xxhash64("unieke_id", *SITE, "rijstrook").cast("decimal(38,0)")).cast("string")
    spans = in_force(points).groupBy(*(F.unix_timestamp(name).alias(name) for name in ("since", "until")))
    return [
        Configuration(*(datetime.fromtimestamp(row[name], timezone.utc) for name in ("since", "until")), row["digest"])
        for row in spans.agg(digest.alias("digest")).collect()
    ]


def inputs(events: Mapping[Hour, Mapping[str, Any]], known: Iterable[Configuration]) -> dict[Hour, str]:
    """Return the inputs of each hour of sites: the versions of the previous and its own hour, and the configuration."""
    versions = {
        hour: partition["StorageDescriptor"]["Location"].rstrip("/").rsplit("=", 1)[-1]
        for hour, partition in events.items()
    }
    known = sorted(known, key=lambda one: (one.since, one.until, one.digest))
    return {
        hour: f"{versions.get(hour_before(hour), 'none')} {version} {_in_force_around(hour, known)}"
        for hour, version in versions.items()
    }


def _in_force_around(hour: Hour, known: Iterable[Configuration]) -> str:
    # Starts with the previous hour, because windows look back on it.
    begin, end = hour_start(hour_before(hour)), hour_start(hour) + timedelta(hours=1)
    seen = [
        f"{max(one.since, begin):%H%M%S}-{min(one.until, end):%H%M%S} {one.digest}"
        for one in known
        if one.since < end and begin < one.until
    ]
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:16]


def stale(
    events: Mapping[Hour, Mapping[str, Any]],
    sites: Mapping[Hour, Mapping[str, Any]],
    known: Iterable[Configuration],
) -> dict[Hour, str]:
    """Return the hours of sites that are missing or have outdated inputs, with their current inputs."""
    made_of = {hour: partition.get("Parameters", {}).get("made_of") for hour, partition in sites.items()}
    return {hour: made for hour, made in sorted(inputs(events, known).items()) if made_of.get(hour) != made}


def read_events(table: VersionedTable, hours: Iterable[Hour], spark: SparkSession) -> DataFrame:
    """Return the events of hours, and those of each previous hour that a window looks back on."""
    hours = set(hours)
    events = table.read(spark, hours | {hour_before(hour) for hour in hours}, EVENT)
    recent = F.minute("tijd_waarneming") > 60 - LONG
    return events.where(F.col("partition").isin(*hours) | recent)


def aggregate(
    spark: SparkSession, tables: Mapping[str, VersionedTable], version: str, execution: str
) -> dict[Hour, str]:
    """Recompute the stale hours as a new version; return their new locations.

    ``execution`` is recorded with each hour, so that check_quality can find the hours to check.
    """
    events, sites = tables["events"], tables["sites"]
    points = spark.read.schema(POINT).parquet(tables["points"].path)
    hours = stale(events.partitions(), sites.partitions(), configurations(points))
    print(f"hours to aggregate: {', '.join(hours) or 'none'}")
    if hours:
        rows = sites_of(read_events(events, hours, spark), points, hours)
        sites.write(rows, version, [*SITE, "tijd_waarneming"])
    locations = {hour: sites.location(hour, version) for hour in hours}
    marks = {hour: {"made_of": made_of, "execution": execution} for hour, made_of in hours.items()}
    sites.switch(locations, marks)
    return locations


def workflow_run(arguments: list[str]) -> str | None:
    """Return the id of the workflow run that started this run, which Glue passes; None if none did."""
    name = "--WORKFLOW_RUN_ID"
    return arguments[arguments.index(name) + 1] if name in arguments[:-1] else None


def main() -> None:
    """Run the job."""
    args = getResolvedOptions(sys.argv, OPTIONS)
    execution = workflow_run(sys.argv) or args["execution"]
    context = GlueContext(SparkContext.getOrCreate())
    spark = context.spark_session
    spark.conf.set("spark.sql.session.timeZone", "UTC")  # partitions are hours in UTC
    spark.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    job = Job(context)
    job.init(args["JOB_NAME"], args)
    glue, s3 = boto3.client("glue"), boto3.client("s3")
    tables = {name: open_table(glue, s3, args["database"], name) for name in ("points", "events", "sites")}
    version = new_version(datetime.now(timezone.utc), uuid4().hex)
    tables["sites"].sweep(aggregate(spark, tables, version, execution))
    job.commit()


if __name__ == "__main__":
    main()
