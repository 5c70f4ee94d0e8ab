"""Reading the result from catalog and bucket, and the example program in the report."""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from glue_local.demo.query import example
from glue_local.demo.results import count_events, read_sites, road_name
from glue_local.feed.delivered import Delivered

if TYPE_CHECKING:
    from glue_local.server import Server

Aws = Callable[..., Any]
MINUTE = datetime(2026, 11, 23, 5, 45, tzinfo=timezone.utc)


def put(s3: Any, key: str, rows: list[dict[str, Any]]) -> None:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows), sink)
    s3.put_object(Bucket="traffic-curated", Key=key, Body=sink.getvalue().to_pybytes())


@pytest.fixture(scope="module")
def result(endpoint: "Server") -> Aws:
    """One hour in the catalog, and an older version of it to which no partition refers."""
    from glue_local.client.clients import local

    def client(service: str) -> Any:
        return local(service, endpoint_url=endpoint.endpoint)

    s3, glue = client("s3"), client("glue")
    s3.create_bucket(Bucket="traffic-curated")
    glue.create_database(DatabaseInput={"Name": "traffic"})
    keys = [{"Name": name, "Type": "string"} for name in ("year", "month", "day", "hour")]
    for table in ("points", "sites"):
        storage = {"Location": f"s3://traffic-curated/{table}/", "Columns": []}
        partitions = keys if table == "sites" else []
        glue.create_table(
            DatabaseName="traffic",
            TableInput={"Name": table, "PartitionKeys": partitions, "StorageDescriptor": storage},
        )
    place = {"volledige_naam": "Snede", "lengtegraad_epsg_4326": 4.0, "breedtegraad_epsg_4326": 51.0}
    put(s3, "points/points.parquet", [{"ident_8": "A0140001", "kmp_rsys": 1.0, "valid_from": MINUTE, **place}])
    row = {"ident_8": "A0140001", "kmp_rsys": 1.0, "tijd_waarneming": MINUTE, "traffic_jam_indicator": 1}
    folder = "sites/year=2026/month=11/day=23/hour=05"
    put(s3, f"{folder}/version=1/a.parquet", [{**row, "current_speed": 99.0}])
    put(s3, f"{folder}/version=2/a.parquet", [{**row, "current_speed": 20.0}])
    here = {"Location": f"s3://traffic-curated/{folder}/version=2/", "Columns": []}
    glue.create_partition(
        DatabaseName="traffic",
        TableName="sites",
        PartitionInput={"Values": ["2026", "11", "23", "05"], "StorageDescriptor": here},
    )
    return client


def test_sites_come_from_the_partition_locations_in_the_catalog(result: Aws) -> None:
    [site] = read_sites(result("glue"), result("s3"))
    assert (site.ident_8, site.kmp, site.main, site.road) == ("A0140001", 1.0, True, "E17 → Antwerpen-West")
    [reading] = site.readings
    assert (reading.minute, reading.speed, reading.jammed) == (MINUTE, 20.0, True)


def test_every_event_is_counted_where_the_job_put_it(result: Aws) -> None:
    glue, s3 = result("glue"), result("s3")
    rows = {
        "events": [{"unieke_id": "1"}, {"unieke_id": "2"}],
        "rejected": [{"reason": "defect"}, {"reason": "duplicate"}, {"reason": "duplicate"}],
        "quarantine": [{"reason": "frozen"}],
    }
    keys = [{"Name": "hour", "Type": "string"}]
    for table, content in rows.items():
        storage = {"Location": f"s3://traffic-curated/{table}/hour=05/", "Columns": []}
        put(s3, f"{table}/hour=05/a.parquet", content)
        glue.create_table(
            DatabaseName="traffic", TableInput={"Name": table, "PartitionKeys": keys, "StorageDescriptor": storage}
        )
        glue.create_partition(
            DatabaseName="traffic", TableName=table, PartitionInput={"Values": ["05"], "StorageDescriptor": storage}
        )
    assert list(count_events(glue, s3).items()) == [("usable", 2), ("duplicate", 2), ("defect", 1), ("frozen", 1)]


def test_the_example_program_runs(result: Aws, endpoint: "Server") -> None:
    done = subprocess.run(
        [sys.executable, "-c", example(endpoint.endpoint)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "A0140001 1.0 2026-11-23 05:45:00+00:00 20.0 1\n"


def test_delivered_events_are_counted_once(result: Aws) -> None:
    import gzip

    s3 = result("s3")
    s3.create_bucket(Bucket="traffic-raw")
    delivered = Delivered(s3)
    assert delivered.count() == 0
    s3.put_object(Bucket="traffic-raw", Key="raw/a.gz", Body=gzip.compress(b"{}\n{}\n"))
    assert (delivered.count(), delivered.count()) == (2, 2)


@pytest.mark.parametrize(
    ("ident_8", "name"), [("A0140002", "E17 → Rekkem"), ("R0010001", "R1 → Linkeroever"), ("B4030001", "B403")]
)
def test_roads_have_the_names_that_drivers_use(ident_8: str, name: str) -> None:
    assert road_name(ident_8) == name
