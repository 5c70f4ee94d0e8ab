"""Glue job: move events from the hour they arrived to the hour they were observed, each exactly once.

Reads new files of ``raw_events`` (job bookmark), and puts every event into exactly one table:

* ``events``: usable events with types, each (unieke_id, tijd_waarneming) once, by hour of observation in UTC;
* ``quarantine``: events with an unreliable clock (frozen or future), each once, by the hour they claim;
* ``rejected``: unusable events (malformed, defect, unavailable, irregular) and superseded ones (duplicate), by arrival.

Each event is checked on its own, then the latest version of a minute wins, so the result does not depend on how
events are spread over runs. docs/pipeline.md explains why killing a run neither loses nor duplicates events.
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
# Each speed, with the vehicle count that it averages.
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

# Devices without time synchronization can claim any year; these bounds keep it a valid timestamp.
_FIRST_SECOND, _LAST_SECOND = 0, 4_102_444_800  # 1970 to 2100


# Pure transformations: DataFrame in, DataFrame out.


def typed(raw: DataFrame) -> DataFrame:
    """Convert raw events (27 strings and the keys of their arrival partition) to types; unknown values are NULL.

    Adds ``arrival`` (Hour), ``source`` (the file) and, if an event cannot be identified, the original ``record``.
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
    # All children of a meetpunt are optional: if no event of a batch has one, there is no column for it.
    column = F.trim(F.col(name)) if name in raw.columns else F.lit(None).cast("string")
    return F.when(column != "", column).alias(name)


def _integer(raw: DataFrame, name: str, kind: str = "int") -> Column:
    # try_cast, because Glue 6.0 runs Spark in ANSI mode, where cast raises.
    return F.expr(f"try_cast(trim(`{name}`) as {kind})") if name in raw.columns else F.lit(None).cast(kind)


def _measure(raw: DataFrame, name: str) -> Column:
    """Return a measure as a number; NULL for the speed sentinels, and for speed 0 if no vehicle passed."""
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
    # The publisher's clock is UTC+1 all year; a time without an offset uses it.
    text = _text(raw, "tijd_laatst_gewijzigd")
    whole = F.when(text.rlike(r"(Z|[+-]\d\d:\d\d)$"), text).otherwise(F.concat(text, F.lit("+01:00")))
    return F.try_to_timestamp(whole).alias("tijd_laatst_gewijzigd")


def judged(events: DataFrame, frozen_after_minutes: int, future_after_minutes: int) -> DataFrame:
    """Add the table that each event belongs to by its own quality (``outcome``) and the ``reason``.

    Clocks are compared with tijd_laatst_gewijzigd, which the centre writes, not with the arrival, so that replays of
    recorded days give the same result.
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
    """Reject all but the latest version of each minute among candidates for ``events`` and ``quarantine``.

    The latest is the one changed last; of equal ones, the one already in a table (``was``), so that repeated input
    changes nothing. A row that is replaced is rejected under the ``arrival`` of the newer one.
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


# The run: read new events, find the changes, and commit once.


@dataclass(frozen=True)
class Changes:
    """The changes of a run: row counts by outcome, and the partitions to rewrite."""

    read: int = 0
    kept: dict[str, int] = field(default_factory=dict)
    partitions: dict[str, set[Hour]] = field(default_factory=dict)


def changes_of(decided: DataFrame) -> Changes:
    """Return the changes for the placed events, in one scan."""
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
    """The source files of new events, and the hours of observation by table."""

    sources: set[str]
    hours: dict[str, set[Hour]]


def batch_of(incoming: DataFrame) -> Batch:
    """Summarize the new events; the only scan that reads and parses the files."""
    sources, hours = set[str](), defaultdict[str, set[Hour]](set)
    observed = F.date_format("tijd_waarneming", "yyyy/MM/dd/HH").alias("observed")
    for row in incoming.groupBy("source", "outcome", observed).count().collect():
        sources.add(row["source"])
        hours[row["outcome"]].add(row["observed"])
    return Batch(sources, dict(hours))


def merged(incoming: DataFrame, batch: Batch, tables: Mapping[str, VersionedTable], spark: SparkSession) -> DataFrame:
    """Compare new events with each other and with the rows of the same hours in the tables."""
    incoming = incoming.withColumn("was", F.lit(None).cast("string"))
    candidates = incoming.where("outcome != 'rejected'")
    for name in ("events", "quarantine"):
        held = tables[name].read(spark, batch.hours.get(name, set()), SCHEMAS[name]).drop("partition")
        held = held.withColumns({"outcome": F.lit(name), "was": F.lit(name)})
        candidates = candidates.unionByName(held, allowMissingColumns=True)
    return placed(deduplicated(candidates).unionByName(incoming.where("outcome = 'rejected'")))


def write(decided: DataFrame, changes: Changes, tables: Mapping[str, VersionedTable], version: str) -> None:
    """Write new versions of the changed partitions, which are not visible yet."""

    def write_one(name: str) -> None:
        hours = changes.partitions[name]
        rows = decided.where((F.col("outcome") == name) & F.col("partition").isin(*hours))
        rows = rows.select(*SCHEMAS[name].names, "partition")
        if name == "rejected":  # append-only
            rows = rows.unionByName(tables[name].read(decided.sparkSession, hours, REJECTED))
        tables[name].write(rows, version, ["unieke_id", "tijd_waarneming"])

    # In parallel, because writing mostly waits for S3.
    with ThreadPoolExecutor(len(SCHEMAS)) as pool:
        list(pool.map(write_one, changes.partitions))


def commit_of(version: str, changes: Changes, tables: Mapping[str, VersionedTable], sources: Iterable[str]) -> Commit:
    """Return the commit: the new locations of partitions, and the files that they include."""
    locations = {
        name: {hour: tables[name].location(hour, version) for hour in sorted(hours)}
        for name, hours in sorted(changes.partitions.items())
    }
    return {"version": version, "locations": locations, "sources": sorted(sources)}


def publish(commit: Commit, tables: Mapping[str, VersionedTable]) -> None:
    """Update the catalog to the locations of a commit. Idempotent.

    Tables that gain rows are updated first: an event that moves is briefly in two tables, but never in none.
    """
    for name in ("rejected", "quarantine", "events"):
        if name in commit["locations"]:
            tables[name].switch(commit["locations"][name])


@dataclass(frozen=True)
class CommitFile:
    """The object that marks a commit as completely written, until the bookmark includes it."""

    s3: Any
    bucket: str
    key: str

    def read(self) -> Commit | None:
        """Return the pending commit of a killed run, if any."""
        try:
            return dict(json.loads(self.s3.get_object(Bucket=self.bucket, Key=self.key)["Body"].read()))
        except self.s3.exceptions.NoSuchKey:
            return None

    def write(self, commit: Commit) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=self.key, Body=json.dumps(commit).encode())

    def remove(self) -> None:
        self.s3.delete_object(Bucket=self.bucket, Key=self.key)


def register_arrivals(raw: VersionedTable) -> None:
    """Add the arrival partitions that Firehose has created on S3 since the last run; Firehose does not update catalogs."""
    known = raw.partitions()
    bucket, prefix = split_path(raw.path + "/")
    # Arrival times only increase; one extra day covers Firehose's retries.
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
        additional_options={"groupFiles": "none"},  # grouping files would lose their names
    )
    return frame.toDF()


def repartition(
    context: GlueContext,
    args: Mapping[str, str],
    tables: Mapping[str, VersionedTable],
    commits: CommitFile,
    version: str,
) -> Commit | None:
    """Add new events to the tables as a new version; return the commit, or None if there are no new events."""
    left = commits.read()
    if left:
        print(f"finishing commit {left['version']}, which an earlier run had written completely")
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
    # Partitions are hours in UTC, regardless of the machine's time zone.
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
