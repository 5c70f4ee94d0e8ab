"""Glue job: bring events from the hour they arrived in to the hour they were observed in, each exactly once.

Reads what is new in ``raw_events`` (job bookmark), and leaves every event in exactly one table:

* ``events``: usable ones, typed, each (unieke_id, tijd_waarneming) once, by hour of observation in UTC;
* ``quarantine``: those whose clock is not to be trusted (frozen or future), each once, by the hour they claim;
* ``rejected``: the unusable (malformed, defect, unavailable, irregular) and the superseded (duplicate), by arrival.

Quality is judged event by event, then the latest version of a minute wins. So the result does not depend on how the
events are spread over runs. docs/pipeline.md tells how a run that is killed anywhere loses and doubles nothing.
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import boto3
from partition_versions import KEYS, Hour, VersionedTable, hour_start, new_version, open_table, split_path
from pyspark.context import SparkContext
from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql.types import IntegerType, StringType, StructField, StructType, TimestampType

from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions

OPTIONS = ["JOB_NAME", "database", "state_path", "frozen_after_minutes", "future_after_minutes"]

CLASSES = range(1, 6)
COUNT, MEAN, HARMONIC = "verkeersintensiteit", "voertuigsnelheid_rekenkundig", "voertuigsnelheid_harmonisch"
COMPUTED = ("rekendata_bezettingsgraad", "rekendata_beschikbaarheidsgraad", "rekendata_onrustigheid")
MEASURES = (
    *("actueel_publicatie", "beschikbaar", "defect", "geldig"),
    *(f"{measure}_klasse{k}" for k in CLASSES for measure in (COUNT, MEAN, HARMONIC)),
    *COMPUTED,
)
# Each speed, with the count of vehicles that it is the mean of.
SPEEDS = {f"{mean}_klasse{k}": f"{COUNT}_klasse{k}" for mean in (MEAN, HARMONIC) for k in CLASSES}
NO_SPEED = (251, 252, 254)  # initial value, no vehicles, calculation not possible

EVENT = StructType(
    [
        StructField("beschrijvende_id", StringType()),
        StructField("unieke_id", StringType()),
        StructField("lve_nr", IntegerType()),
        StructField("tijd_waarneming", TimestampType()),
        StructField("tijd_laatst_gewijzigd", TimestampType()),
        *(StructField(name, IntegerType()) for name in MEASURES),
    ]
)
QUARANTINED = StructType([*EVENT.fields, StructField("reason", StringType())])
REJECTED = StructType([*QUARANTINED.fields, StructField("record", StringType())])
SCHEMAS = {"events": EVENT, "quarantine": QUARANTINED, "rejected": REJECTED}

# {"version": …, "locations": {table: {Hour: location}}, "sources": [file, …]}
Commit = dict[str, Any]

# Device clocks without time sync can claim any year; these bounds keep the claim a timestamp.
_FIRST_SECOND, _LAST_SECOND = 0, 4_102_444_800  # 1970 to 2100


# Pure transformations: DataFrame in, DataFrame out.


def typed(raw: DataFrame) -> DataFrame:
    """Return raw events (27 strings and the keys of their arrival partition) with types, unknown values NULL.

    Adds ``arrival`` (Hour), ``source`` (the file) and, for what cannot be identified, the ``record`` as it came.
    """
    unieke_id, tijd_waarneming = _text(raw, "unieke_id"), _observed(raw)
    as_it_came = F.to_json(F.struct(*(name for name in raw.columns if name not in KEYS)))
    return raw.select(
        _text(raw, "beschrijvende_id"),
        unieke_id,
        _integer(raw, "lve_nr").alias("lve_nr"),
        tijd_waarneming,
        _changed(raw),
        *(_measure(raw, name) for name in MEASURES),
        F.concat_ws("/", *KEYS).alias("arrival"),
        F.input_file_name().alias("source"),
        F.when(unieke_id.isNull() | tijd_waarneming.isNull(), as_it_came).alias("record"),
    )


def _text(raw: DataFrame, name: str) -> Column:
    # All children of a meetpunt are optional: a batch in which nobody sends one has no column for it.
    column = F.trim(F.col(name)) if name in raw.columns else F.lit(None).cast("string")
    return F.when(column != "", column).alias(name)


def _integer(raw: DataFrame, name: str, kind: str = "int") -> Column:
    # try_cast, because Glue 6.0 runs Spark in ANSI mode, where cast raises.
    return F.expr(f"try_cast(trim(`{name}`) as {kind})") if name in raw.columns else F.lit(None).cast(kind)


def _measure(raw: DataFrame, name: str) -> Column:
    """A measure as a number; a speed that means "none" is none: the sentinels, and 0 where no vehicle passed."""
    value = _integer(raw, name)
    if name in SPEEDS:
        vehicles = F.coalesce(_integer(raw, SPEEDS[name]), F.lit(0))
        value = F.when(~value.isin(*NO_SPEED) & ~((value == 0) & (vehicles == 0)), value)
    return value.alias(name)


def _observed(raw: DataFrame) -> Column:
    seconds = _integer(raw, "tijd_waarneming", "bigint")
    possible = seconds.between(_FIRST_SECOND, _LAST_SECOND)
    return F.when(possible, F.timestamp_seconds(seconds)).alias("tijd_waarneming")


def _changed(raw: DataFrame) -> Column:
    # The publisher's wall clock is UTC+1 all year; a text without an offset is that clock.
    text = _text(raw, "tijd_laatst_gewijzigd")
    whole = F.when(text.rlike(r"(Z|[+-]\d\d:\d\d)$"), text).otherwise(F.concat(text, F.lit("+01:00")))
    return F.try_to_timestamp(whole).alias("tijd_laatst_gewijzigd")


def judged(events: DataFrame, frozen_after_minutes: int, future_after_minutes: int) -> DataFrame:
    """Return typed events with the table each belongs to on its own merits (``outcome``) and the ``reason``.

    A clock is judged by tijd_laatst_gewijzigd, which the centre writes, not by the arrival: recorded days replay alike.
    """
    age = F.unix_timestamp("tijd_laatst_gewijzigd") - F.unix_timestamp("tijd_waarneming")  # seconds
    identified = F.col("unieke_id").isNotNull() & F.col("tijd_waarneming").isNotNull()
    current = F.col("actueel_publicatie").eqNullSafe(1)
    reason = (
        F.when(~identified, "malformed")
        .when(~current | (age > frozen_after_minutes * 60), "frozen")
        .when(age < -future_after_minutes * 60, "future")
        .when(~F.col("defect").eqNullSafe(0), "defect")
        .when(~F.col("rekendata_beschikbaarheidsgraad").eqNullSafe(100), "unavailable")
        .when(F.col("geldig") >= 2, "irregular")  # 1 is kept: unusually fast lanes
    )
    outcome = (
        F.when(reason.isNull(), "events").when(reason.isin("frozen", "future"), "quarantine").otherwise("rejected")
    )
    return events.withColumn("reason", reason).withColumn("outcome", outcome)


def deduplicated(candidates: DataFrame) -> DataFrame:
    """Return candidates for ``events`` and ``quarantine`` with all but the latest version of each minute rejected.

    The latest is the one last changed; among equals the one that the tables hold (``was``), so that a repetition
    changes nothing. A row that a table loses to a newer version is rejected in the newer one's ``arrival``.
    """
    measures = F.xxhash64(*(name for name in EVENT.names if not name.startswith("tijd_")))
    versions = Window.partitionBy("outcome", "unieke_id", "tijd_waarneming").orderBy(
        F.col("tijd_laatst_gewijzigd").desc_nulls_last(), measures, F.col("was").isNull(), "arrival"
    )
    placed = candidates.withColumn("place", F.row_number().over(versions)).withColumn(
        "arrival", F.coalesce("arrival", F.first("arrival").over(versions))
    )
    beaten = F.col("place") > 1
    return (
        placed.withColumn("outcome", F.when(beaten, "rejected").otherwise(F.col("outcome")))
        .withColumn("reason", F.when(beaten, "duplicate").otherwise(F.col("reason")))
        .drop("place")
    )


def placed(decided: DataFrame) -> DataFrame:
    """Return decided events with the ``partition`` (Hour) of the table they belong to."""
    observed = F.date_format("tijd_waarneming", "yyyy/MM/dd/HH")
    return decided.withColumn("partition", F.when(F.col("outcome") == "rejected", F.col("arrival")).otherwise(observed))


# The run: what is new, what it changes, and one commit.


@dataclass(frozen=True)
class Changes:
    """What a run is about to do: rows by what becomes of them, and the partitions that differ afterwards."""

    read: int = 0
    kept: dict[str, int] = field(default_factory=dict)
    partitions: dict[str, set[Hour]] = field(default_factory=dict)


def changes_of(decided: DataFrame) -> Changes:
    """Return the changes that decided and placed events amount to; one pass over them."""
    read, kept, partitions = 0, defaultdict[str, int](int), defaultdict[str, set[Hour]](set)
    observed = F.date_format("tijd_waarneming", "yyyy/MM/dd/HH").alias("observed")
    for row in decided.groupBy("was", "outcome", "reason", "partition", observed).count().collect():
        if row["was"] is None:
            read += row["count"]
        if row["was"] != row["outcome"]:
            kept[row["reason"] or "usable"] += row["count"]
            partitions[row["outcome"]].add(row["partition"])
            if row["was"] is not None:
                partitions[row["was"]].add(row["observed"])
    return Changes(read, dict(kept), dict(partitions))


@dataclass(frozen=True)
class Batch:
    """Where new events come from, and the hours that they were observed in by the table they deserve."""

    sources: set[str]
    hours: dict[str, set[Hour]]


def batch_of(incoming: DataFrame) -> Batch:
    """Return what judged events are about; the one pass that reads and parses the files."""
    sources, hours = set[str](), defaultdict[str, set[Hour]](set)
    observed = F.date_format("tijd_waarneming", "yyyy/MM/dd/HH").alias("observed")
    for row in incoming.groupBy("source", "outcome", observed).count().collect():
        sources.add(row["source"])
        hours[row["outcome"]].add(row["observed"])
    return Batch(sources, dict(hours))


def merged(incoming: DataFrame, batch: Batch, tables: Mapping[str, VersionedTable], spark: SparkSession) -> DataFrame:
    """Return judged events decided against each other and against what the tables hold of the same hours."""
    incoming = incoming.withColumn("was", F.lit(None).cast("string"))
    candidates = incoming.where("outcome != 'rejected'")
    for name in ("events", "quarantine"):
        held = tables[name].read(spark, batch.hours.get(name, set()), SCHEMAS[name]).drop("partition")
        held = held.withColumns({"outcome": F.lit(name), "was": F.lit(name)})
        candidates = candidates.unionByName(held, allowMissingColumns=True)
    return placed(deduplicated(candidates).unionByName(incoming.where("outcome = 'rejected'")))


def write(decided: DataFrame, changes: Changes, tables: Mapping[str, VersionedTable], version: str) -> None:
    """Write new versions of the partitions that change; nobody reads them yet."""

    def write_one(name: str) -> None:
        hours = changes.partitions[name]
        rows = decided.where((F.col("outcome") == name) & F.col("partition").isin(*hours))
        rows = rows.select(*SCHEMAS[name].names, "partition")
        if name == "rejected":  # only ever added to
            rows = rows.unionByName(tables[name].read(decided.sparkSession, hours, REJECTED))
        tables[name].write(rows, version, ["unieke_id", "tijd_waarneming"])

    # Side by side: writing waits for S3's answers more than for the cores.
    with ThreadPoolExecutor(len(SCHEMAS)) as pool:
        list(pool.map(write_one, changes.partitions))


def commit_of(version: str, changes: Changes, tables: Mapping[str, VersionedTable], sources: Iterable[str]) -> Commit:
    """Return what has to become true all at once: the partitions' new locations, and the files they include."""
    locations = {
        name: {hour: tables[name].location(hour, version) for hour in sorted(hours)}
        for name, hours in sorted(changes.partitions.items())
    }
    return {"version": version, "locations": locations, "sources": sorted(sources)}


def publish(commit: Commit, tables: Mapping[str, VersionedTable]) -> None:
    """Let the catalog point at what a commit wrote; doing it again changes nothing.

    What gains rows goes first: an event that moves is for a moment in two tables, never in none.
    """
    for name in ("rejected", "quarantine", "events"):
        if name in commit["locations"]:
            tables[name].switch(commit["locations"][name])


@dataclass(frozen=True)
class CommitFile:
    """The one object whose presence means: written completely, but the bookmark may not know it yet."""

    s3: Any
    bucket: str
    key: str

    def read(self) -> Commit | None:
        """Return the commit that a killed run left, if any."""
        try:
            return dict(json.loads(self.s3.get_object(Bucket=self.bucket, Key=self.key)["Body"].read()))
        except self.s3.exceptions.NoSuchKey:
            return None

    def write(self, commit: Commit) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=self.key, Body=json.dumps(commit).encode())

    def remove(self) -> None:
        self.s3.delete_object(Bucket=self.bucket, Key=self.key)


def register_arrivals(raw: VersionedTable) -> None:
    """Add the arrival partitions that Firehose has opened on S3 since the last run: it tells no catalog."""
    known = raw.partitions()
    bucket, prefix = split_path(raw.path + "/")
    # Arrival only moves on; a day's grace for what Firehose retries.
    start = prefix
    if known:
        start += f"{hour_start(max(known)) - timedelta(days=1):year=%Y/month=%m/day=%d}/"
    pages = raw.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, StartAfter=start)
    found = {
        "/".join(match.groups())
        for page in pages
        for item in page.get("Contents", [])
        if (match := re.match(r"year=(\d+)/month=(\d+)/day=(\d+)/hour=(\d+)/.", item["Key"][len(prefix) :]))
    }
    raw.switch({hour: raw.folder(hour) + "/" for hour in found - set(known)})


def new_events(context: GlueContext, database: str) -> DataFrame:
    """Return the raw events that the bookmark has not seen."""
    frame = context.create_dynamic_frame.from_catalog(
        database=database,
        table_name="raw_events",
        transformation_ctx="raw_events",
        additional_options={"groupFiles": "none"},  # grouped files lose their names
    )
    return frame.toDF()


def repartition(
    context: GlueContext,
    args: Mapping[str, str],
    tables: Mapping[str, VersionedTable],
    commits: CommitFile,
    version: str,
) -> Commit | None:
    """Bring what is new into the tables as a new version; return the commit, or None when nothing is new."""
    left = commits.read()
    if left:
        print(f"finishing commit {left['version']}, which a run before this one had written completely")
        publish(left, tables)
    raw = new_events(context, args["database"])
    if not raw.columns:
        print("no new events")
        return left
    fresh = typed(raw).where(~F.col("source").isin(left["sources"])) if left else typed(raw)
    incoming = judged(fresh, int(args["frozen_after_minutes"]), int(args["future_after_minutes"])).persist()
    batch = batch_of(incoming)
    decided = merged(incoming, batch, tables, context.spark_session).persist()
    changes = changes_of(decided)
    write(decided, changes, tables, version)
    commit = commit_of(version, changes, tables, batch.sources.union(left["sources"] if left else []))
    commits.write(commit)
    publish(commit, tables)
    print(f"{changes.read} events read: {changes.kept}; partitions rewritten: {changes.partitions}")
    return commit


def main() -> None:
    """Run the job."""
    args = getResolvedOptions(sys.argv, OPTIONS)
    context = GlueContext(SparkContext.getOrCreate())
    # Partitions are hours in UTC, whatever the machine's time zone.
    context.spark_session.conf.set("spark.sql.session.timeZone", "UTC")
    context.spark_session.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    job = Job(context)
    job.init(args["JOB_NAME"], args)
    glue, s3 = boto3.client("glue"), boto3.client("s3")
    tables = {name: open_table(glue, s3, args["database"], name) for name in ("raw_events", *SCHEMAS)}
    bucket, prefix = split_path(args["state_path"])
    commits = CommitFile(s3, bucket, prefix.rstrip("/") + "/repartition-commit.json")
    register_arrivals(tables["raw_events"])
    version = new_version(datetime.now(timezone.utc), uuid4().hex)
    commit = repartition(context, args, tables, commits, version)
    job.commit()
    if commit:
        commits.remove()
        for name, locations in commit["locations"].items():
            tables[name].sweep(locations)


if __name__ == "__main__":
    main()
