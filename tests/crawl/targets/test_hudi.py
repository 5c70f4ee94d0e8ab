"""Hudi targets: https://docs.aws.amazon.com/glue/latest/webapi/API_HudiTarget.html."""

import json
from typing import Any

from tests.crawl.conftest import Lake, columns, keys

SCHEMA = {
    "type": "record",
    "name": "orders_record",
    "fields": [
        {"name": "id", "type": ["null", "long"]},
        {"name": "seen", "type": {"type": "long", "logicalType": "timestamp-micros"}},
        {"name": "day", "type": "string"},
    ],
}
COLUMNS = [
    "_hoodie_commit_time",
    "_hoodie_commit_seqno",
    "_hoodie_record_key",
    "_hoodie_partition_path",
    "_hoodie_file_name",
]


def crawler(lake: Lake, **target: Any) -> str:
    return lake.create(Targets={"HudiTargets": [{"Paths": [f"s3://{lake.bucket}/lake/"], **target}]})


def put_table(lake: Lake, kind: str, *days: str) -> None:
    properties = (
        f"#Properties saved\nhoodie.table.name=orders\nhoodie.table.type={kind}\nhoodie.table.partition.fields=day\n"
    )
    action = "deltacommit" if kind == "MERGE_ON_READ" else "commit"
    schema = {"extraMetadata": {"schema": json.dumps(SCHEMA)}}
    lake.put(
        {
            "lake/orders/.hoodie/hoodie.properties": properties,
            f"lake/orders/.hoodie/20261101000000000.{action}": json.dumps(schema),
            "lake/orders/.hoodie/20261102000000000.commit.requested": "",
            **{f"lake/orders/{day}/a.parquet": "x" for day in days},
        }
    )


def test_a_copy_on_write_table(lake: Lake) -> None:
    put_table(lake, "COPY_ON_WRITE", "day=2026-11-01", "day=2026-11-02")
    name = crawler(lake)
    lake.crawl_again(name)
    table = lake.table()
    assert columns(table) == {**dict.fromkeys(COLUMNS, "string"), "id": "bigint", "seen": "timestamp"}
    assert keys(table) == ["day"]
    assert table["Parameters"]["last_commit_time_sync"] == "20261101000000000"
    assert table["StorageDescriptor"]["InputFormat"] == "org.apache.hudi.hadoop.HoodieParquetInputFormat"
    location = f"s3://{lake.bucket}/lake/orders"
    assert table["StorageDescriptor"]["Location"] == location
    assert {values: each["StorageDescriptor"]["Location"] for values, each in lake.partitions("orders").items()} == {
        ("2026-11-01",): f"{location}/day=2026-11-01",
        ("2026-11-02",): f"{location}/day=2026-11-02",
    }
    put_table(lake, "COPY_ON_WRITE", "day=2026-11-03")
    lake.crawl_again(name)
    assert ("2026-11-03",) in lake.partitions("orders")


def test_a_merge_on_read_table_is_two_tables(lake: Lake) -> None:
    put_table(lake, "MERGE_ON_READ", "2026-11-01")
    lake.crawl_again(crawler(lake))
    tables = lake.tables()
    assert {name: table["StorageDescriptor"]["InputFormat"].rpartition(".")[2] for name, table in tables.items()} == {
        "orders_ro": "HoodieParquetInputFormat",
        "orders_rt": "HoodieParquetRealtimeInputFormat",
    }
    assert set(lake.partitions("orders_rt")) == {("2026-11-01",)}


def test_a_table_without_a_schema_fails_the_crawl(lake: Lake) -> None:
    lake.put({"lake/t/.hoodie/hoodie.properties": "hoodie.table.name=t\n"})
    last = lake.run(crawler(lake))["LastCrawl"]
    assert last["Status"] == "FAILED"
    assert "no commit with a schema" in last["ErrorMessage"]
