"""Read the workflow's result like any AWS client: tables from the Glue catalog, Parquet from S3."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from glue_local.feed.simulation.roads import ROADS

DATABASE = "traffic"
_COLUMNS = ["ident_8", "kmp_rsys", "tijd_waarneming", "current_speed", "traffic_jam_indicator"]

Client = Any
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Reading:
    """A site in one minute: its speed in km/h (None if unmeasured) and whether its 3-minute average is a jam."""

    minute: datetime
    speed: float | None
    jammed: bool


@dataclass(frozen=True)
class Site:
    """A cross-section of a carriageway or ramp (Ident_8, Kmp_Rsys), with its position and its readings by time."""

    ident_8: str
    kmp: float
    name: str
    longitude: float
    latitude: float
    readings: Sequence[Reading] = field(default=(), repr=False)

    @property
    def main(self) -> bool:
        """Whether it is on a carriageway; ramps have a number between road and direction."""
        return self.ident_8[4:7] == "000"

    @property
    def road(self) -> str:
        """The road's common name with the carriageway's direction: ``E17 → Antwerpen-West``, or ``E17 ramp``."""
        name = road_name(self.ident_8)
        return name if self.main else f"{name.split(' → ')[0]} ramp"


def road_name(ident_8: str) -> str:
    """Return the road of an Ident_8 (A0140001) with its direction: 1 means increasing kilometres, 2 decreasing."""
    number = ident_8[:4]
    for road in ROADS:
        if road.number == number:
            towards = road.places[-1 if ident_8.endswith("1") else 0][0]
            return f"{road.name} → {towards}"
    return f"{number[0]}{number[1:].lstrip('0')}"


def read_sites(glue: Client, s3: Client) -> list[Site]:
    """Return every configured site that has readings, with its readings by time."""
    readings: dict[tuple[str, float], list[Reading]] = defaultdict(list)
    for row in _partitions(glue, s3, "sites", _COLUMNS):
        minute = _utc(row["tijd_waarneming"])
        reading = Reading(minute, row["current_speed"], row["traffic_jam_indicator"] == 1)
        readings[row["ident_8"], row["kmp_rsys"]].append(reading)
    return [
        Site(ident_8, kmp, name, longitude, latitude, sorted(readings[ident_8, kmp], key=lambda each: each.minute))
        for (ident_8, kmp), (name, longitude, latitude) in _places(glue, s3).items()
        if (ident_8, kmp) in readings
    ]


def count_events(glue: Client, s3: Client) -> dict[str, int]:
    """Return how many events the job kept (``usable``), and how many it put aside by its reasons, most frequent first."""
    aside: Counter[str] = Counter()
    for table in ("rejected", "quarantine"):
        aside.update(row["reason"] for row in _partitions(glue, s3, table, ["reason"]))
    usable = sum(1 for _ in _partitions(glue, s3, "events", ["unieke_id"]))
    return {"usable": usable, **dict(aside.most_common())}


def _places(glue: Client, s3: Client) -> dict[tuple[str, float], tuple[str, float, float]]:
    """Return name, longitude and latitude by (Ident_8, Kmp_Rsys), from the latest configuration."""
    columns = ["ident_8", "kmp_rsys", "volledige_naam", "lengtegraad_epsg_4326", "breedtegraad_epsg_4326", "valid_from"]
    location = glue.get_table(DatabaseName=DATABASE, Name="points")["Table"]["StorageDescriptor"]["Location"]
    rows = sorted(_rows(s3, location, columns), key=lambda row: row["valid_from"])
    return {(row["ident_8"], row["kmp_rsys"]): (row[columns[2]], row[columns[3]], row[columns[4]]) for row in rows}


def _partitions(glue: Client, s3: Client, table: str, columns: list[str]) -> Iterator[dict[str, Any]]:
    pages = glue.get_paginator("get_partitions").paginate(DatabaseName=DATABASE, TableName=table)
    for partition in (each for page in pages for each in page["Partitions"]):
        yield from _rows(s3, partition["StorageDescriptor"]["Location"], columns)


def _rows(s3: Client, location: str, columns: list[str]) -> Rows:
    bucket, _, prefix = location.removeprefix("s3://").partition("/")
    rows: Rows = []
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix.rstrip("/") + "/"):
        for item in page.get("Contents", []):
            if item["Key"].endswith(".parquet"):
                body = s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
                rows += pq.ParquetFile(pa.BufferReader(body)).read(columns).to_pylist()
    return rows


def _utc(moment: datetime) -> datetime:
    # Spark writes instants; older writers omit the time zone.
    return moment.astimezone(timezone.utc) if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
