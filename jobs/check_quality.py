"""Glue python shell job: fail when the hours that an execution aggregated are incomplete or implausible.

Completeness: the fraction of the minutes of all configured points, from the hour's first to its last observed minute,
that have a usable event. Plausibility: no duplicate sites in a minute, and almost no impossible values. The report is
written to S3.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

FASTEST = 200  # km/h, the range that the publisher documents
MINUTE = 60  # seconds


class QualityViolation(Exception):
    """Hours that failed the checks; the message names them, the reason and the expected value."""


@dataclass(frozen=True)
class Hour:
    """The measurements of one hour (its partition's values); fractions are between 0 and 1."""

    hour: str
    minutes: int
    events: int
    completeness: float
    site_minutes: int
    repeated: int
    implausible: float


def completeness(events: pa.Table, points: int) -> tuple[int, float]:
    """Return (minutes from first to last, fraction of all points' minutes that have an event)."""
    if not events.num_rows:
        return 0, 0.0
    seconds = pc.cast(pc.cast(events["tijd_waarneming"], pa.timestamp("s", tz="UTC")), pa.int64())
    minutes = (pc.max(seconds).as_py() - pc.min(seconds).as_py()) // MINUTE + 1
    return minutes, events.num_rows / (points * minutes) if points else 0.0


def repeated(sites: pa.Table) -> int:
    """Return the number of rows that repeat another row's site and minute."""
    keys = sites.group_by(["ident_8", "kmp_rsys", "tijd_waarneming"]).aggregate([])
    return int(sites.num_rows - keys.num_rows)


def implausible(sites: pa.Table) -> float:
    """Return the fraction of rows with a speed outside 0-200 km/h, occupancy outside 0-100 % or a negative count."""
    if not sites.num_rows:
        return 0.0
    speed, occupancy = sites["current_speed"], sites["bezettingsgraad"]
    wrong = [
        pc.less_equal(speed, 0),
        pc.greater(speed, FASTEST),
        pc.less(occupancy, 0),
        pc.greater(occupancy, 100),
        *(pc.less(sites[f"traffic_intensity_class{k}"], 0) for k in range(2, 6)),
    ]
    any_wrong = pc.fill_null(wrong[0], False)
    for each in wrong[1:]:
        any_wrong = pc.or_(any_wrong, pc.fill_null(each, False))
    return float(pc.sum(any_wrong).as_py() / sites.num_rows)


def measured(hour: str, events: pa.Table, sites: pa.Table, points: int) -> Hour:
    """Measure an hour's events and sites, in a network of ``points``."""
    minutes, share = completeness(events, points)
    return Hour(
        hour, minutes, events.num_rows, round(share, 4), sites.num_rows, repeated(sites), round(implausible(sites), 4)
    )


def violations(hours: list[Hour], min_completeness: float, max_implausible: float) -> list[str]:
    """Return a sentence for each failed check."""
    found = []
    for hour in hours:
        if hour.completeness < min_completeness:
            found.append(f"{hour.hour}: {hour.completeness:.1%} complete, at least {min_completeness:.1%} required")
        if hour.implausible > max_implausible:
            found.append(f"{hour.hour}: {hour.implausible:.1%} implausible, at most {max_implausible:.1%} allowed")
        if hour.repeated:
            found.append(f"{hour.hour}: {hour.repeated} sites occur more than once in a minute")
    return found


def partitions(glue: Any, database: str, table: str) -> dict[str, dict[str, Any]]:
    """Return a table's partitions by their values, joined by slashes: 2026/03/28/22."""
    pages = glue.get_paginator("get_partitions").paginate(
        DatabaseName=database, TableName=table, ExcludeColumnSchema=True
    )
    return {"/".join(partition["Values"]): partition for page in pages for partition in page["Partitions"]}


def read(s3: Any, location: str, columns: list[str]) -> pa.Table:
    """Return the rows of all Parquet objects under a location."""
    bucket, prefix = split_path(location)
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    keys = [item["Key"] for page in pages for item in page.get("Contents", []) if item["Key"].endswith(".parquet")]
    bodies = [s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys]
    if not bodies:
        raise QualityViolation(f"no Parquet object at {location}, the location in the catalog")
    return pa.concat_tables(pq.read_table(pa.BufferReader(body), columns=columns) for body in bodies)


def inspect(glue: Any, s3: Any, database: str, execution: str) -> list[Hour]:
    """Measure every hour that an execution aggregated."""
    events, sites = (partitions(glue, database, table) for table in ("events", "sites"))
    mine = [hour for hour, part in sorted(sites.items()) if part.get("Parameters", {}).get("execution") == execution]
    if not mine:
        return []
    location = glue.get_table(DatabaseName=database, Name="points")["Table"]["StorageDescriptor"]["Location"]
    configured = read(s3, location, ["unieke_id", "valid_to"])
    points = configured.filter(pc.is_null(configured["valid_to"])).num_rows
    counts = [f"traffic_intensity_class{k}" for k in range(2, 6)]
    columns = ["ident_8", "kmp_rsys", "tijd_waarneming", "current_speed", "bezettingsgraad", *counts]
    return [
        measured(
            hour,
            read(s3, events[hour]["StorageDescriptor"]["Location"], ["tijd_waarneming"]),
            read(s3, sites[hour]["StorageDescriptor"]["Location"], columns),
            points,
        )
        for hour in mine
    ]


def split_path(path: str) -> tuple[str, str]:
    """Return (bucket, key) of s3://bucket/key."""
    bucket, _, key = path.split("://", 1)[1].partition("/")
    return bucket, key


def main(arguments: list[str]) -> None:
    """Run the job."""
    parser = argparse.ArgumentParser()
    for name in ("database", "execution", "report_path"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--min_completeness", type=float, required=True)
    parser.add_argument("--max_implausible", type=float, required=True)
    # Glue passes its own arguments as well; this one to the runs that a workflow starts.
    parser.add_argument("--WORKFLOW_RUN_ID")
    args, _ = parser.parse_known_args(arguments)
    execution = args.WORKFLOW_RUN_ID or args.execution
    s3 = boto3.client("s3")
    hours = inspect(boto3.client("glue"), s3, args.database, execution)
    wrong = violations(hours, args.min_completeness, args.max_implausible)
    report = {"execution": execution, "hours": [asdict(hour) for hour in hours], "violations": wrong}
    bucket, prefix = split_path(args.report_path)
    key = f"{prefix.rstrip('/')}/{execution}.json"
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(report, indent=2).encode())
    print(f"{len(hours)} hours checked, report at s3://{bucket}/{key}")
    if wrong:
        raise QualityViolation("; ".join(wrong))


if __name__ == "__main__":
    main(sys.argv[1:])
