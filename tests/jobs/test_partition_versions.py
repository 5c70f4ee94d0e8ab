from datetime import datetime, timezone
from typing import Any

import pytest
import repartition
from partition_versions import VersionedTable, hour_start, new_version, open_table

HOUR, NEXT = "2026/12/31/23", "2027/01/01/00"


@pytest.fixture
def table(cloud: tuple[Any, Any], resources: dict[str, Any]) -> VersionedTable:
    glue, s3 = cloud
    s3.create_bucket(Bucket="traffic-curated")
    s3.create_bucket(Bucket="traffic-raw")
    glue.create_database(DatabaseInput={"Name": "traffic"})
    for request in resources["tables"]:
        glue.create_table(**request)
    return open_table(glue, s3, "traffic", "events")


def locations(table: VersionedTable) -> dict[str, str]:
    return {hour: part["StorageDescriptor"]["Location"] for hour, part in table.partitions().items()}


def test_switching_creates_and_moves_partitions_and_is_idempotent(table: VersionedTable) -> None:
    assert table.location(HOUR, "v1") == "s3://traffic-curated/events/year=2026/month=12/day=31/hour=23/version=v1/"
    table.switch({HOUR: "s3://one/"})
    for _ in range(2):
        table.switch({HOUR: "s3://two/", NEXT: "s3://three/"}, {NEXT: {"made_of": "x"}})
        assert locations(table) == {HOUR: "s3://two/", NEXT: "s3://three/"}
    partition = table.partitions()[NEXT]
    assert partition["Parameters"] == {"made_of": "x"}
    assert partition["StorageDescriptor"]["SerdeInfo"] == table.definition["StorageDescriptor"]["SerdeInfo"]


def test_more_partitions_than_one_batch_are_switched(table: VersionedTable) -> None:
    many = {f"2026/01/{day:02}/{hour:02}": f"s3://{day}/{hour}/" for day in range(1, 6) for hour in range(24)}
    for suffix in ("", "new/"):
        table.switch({hour: location + suffix for hour, location in many.items()})
    assert locations(table) == {hour: location + "new/" for hour, location in many.items()}


def test_a_partition_that_the_catalog_rejects_fails_the_run(
    table: VersionedTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.switch({HOUR: "s3://one/"})
    monkeypatch.setattr(VersionedTable, "partitions", lambda _: {})
    with pytest.raises(RuntimeError, match="the catalog refused partition .*2026.*: .*AlreadyExists"):
        table.switch({HOUR: "s3://two/"})


def test_sweeping_leaves_the_current_version_and_other_partitions(table: VersionedTable) -> None:
    kept = [table.location(HOUR, "v2") + "part.parquet", table.location(NEXT, "v1") + "part.parquet"]
    old = [table.location(HOUR, "v1") + "part.parquet", table.location(HOUR, "v21") + "part.parquet"]
    for path in (*kept, *old):
        table.s3.put_object(Bucket="traffic-curated", Key=path.removeprefix("s3://traffic-curated/"), Body=b"x")
    table.sweep({HOUR: table.location(HOUR, "v2")})
    left = table.s3.list_objects_v2(Bucket="traffic-curated")["Contents"]
    assert {"s3://traffic-curated/" + item["Key"] for item in left} == set(kept)


def test_new_arrival_partitions_are_registered(table: VersionedTable) -> None:
    raw = open_table(table.glue, table.s3, "traffic", "raw_events")

    def arrive(*keys: str) -> None:
        for key in keys:
            table.s3.put_object(Bucket="traffic-raw", Key=key, Body=b"x")
        repartition.register_arrivals(raw)

    arrive("config/a.xml", "raw/year=2026/month=12/day=31/hour=23/a.gz", "raw/stray.gz", "raw/year=2026/month=12/x")
    assert locations(raw) == {HOUR: "s3://traffic-raw/raw/year=2026/month=12/day=31/hour=23/"}
    arrive("raw/year=2027/month=01/day=01/hour=00/a.gz", "raw/year=2026/month=12/day=31/hour=22/late.gz")
    assert set(locations(raw)) == {HOUR, NEXT, "2026/12/31/22"}


def test_versions_and_hours_are_in_utc() -> None:
    moment = datetime(2026, 12, 31, 23, 5, 6, tzinfo=timezone.utc)
    assert new_version(moment, "1f0c2a9d77") == "20261231T230506Z-1f0c2a9d"
    assert hour_start(HOUR) == datetime(2026, 12, 31, 23, tzinfo=timezone.utc)
