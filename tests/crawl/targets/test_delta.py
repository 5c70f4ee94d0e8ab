"""Delta targets: https://docs.aws.amazon.com/glue/latest/dg/crawler-delta-lake.html."""

import io
import json
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from tests.crawl.conftest import Lake, columns, keys

FIELDS = [
    {"name": "id", "type": "long", "nullable": True, "metadata": {}},
    {"name": "day", "type": "date", "nullable": True, "metadata": {}},
    {"name": "tags", "type": {"type": "array", "elementType": "integer", "containsNull": True}, "metadata": {}},
]


def metadata(fields: list[dict[str, Any]] = FIELDS, partitions: tuple[str, ...] = ("day",)) -> dict[str, Any]:
    schema = json.dumps({"type": "struct", "fields": fields})
    return {"metaData": {"id": "x", "schemaString": schema, "partitionColumns": list(partitions)}}


def add(day: str | None, name: str) -> dict[str, Any]:
    return {"add": {"path": f"day={day}/{name}", "partitionValues": {"day": day}, "size": 1}}


def commit(lake: Lake, version: int, *actions: dict[str, Any]) -> None:
    lake.put({f"t/_delta_log/{version:020}.json": "\n".join(map(json.dumps, actions))})


def crawler(lake: Lake, **target: Any) -> str:
    return lake.create(Targets={"DeltaTargets": [{"DeltaTables": [f"s3://{lake.bucket}/t/"], **target}]})


def manifests(lake: Lake) -> dict[str, list[str]]:
    found = lake.s3.list_objects_v2(Bucket=lake.bucket, Prefix="t/_symlink").get("Contents", [])
    return {
        each["Key"]: lake.s3.get_object(Bucket=lake.bucket, Key=each["Key"])["Body"].read().decode().splitlines()
        for each in found
    }


def test_a_native_table_follows_the_log(lake: Lake) -> None:
    commit(lake, 0, {"commitInfo": {"timestamp": 1700000000000}}, metadata(), add("2026-11-01", "a.parquet"))
    name = crawler(lake, CreateNativeDeltaTable=True)
    lake.crawl_again(name)
    table = lake.table()
    assert (columns(table), keys(table)) == ({"id": "bigint", "tags": "array<int>"}, ["day"])
    assert table["PartitionKeys"][0]["Type"] == "date"
    assert table["Parameters"]["spark.sql.sources.provider"] == "delta"
    assert table["Parameters"]["classification"] == "delta"
    assert table["Parameters"]["delta.lastUpdateVersion"] == "0"
    assert table["Parameters"]["delta.lastCommitTimestamp"] == "1700000000000"
    commit(lake, 1, metadata([*FIELDS, {"name": "new", "type": "decimal(5,1)"}]))
    lake.crawl_again(name)
    assert columns(lake.table())["new"] == "decimal(5,1)"
    assert manifests(lake) == {}


def test_manifests_list_the_files_of_the_latest_version(lake: Lake) -> None:
    commit(
        lake, 0, metadata(), add("2026-11-01", "a.parquet"), add("2026-11-02", "b%20c.parquet"), add(None, "n.parquet")
    )
    commit(lake, 1, {"remove": {"path": "day=2026-11-01/a.parquet"}}, add("2026-11-01", "d.parquet"))
    name = crawler(lake, WriteManifest=True)
    lake.crawl_again(name)
    table = lake.table()
    location = f"s3://{lake.bucket}/t/_symlink_format_manifest/"
    assert table["StorageDescriptor"]["Location"] == location
    assert table["StorageDescriptor"]["InputFormat"] == "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat"
    partitions = lake.partitions("t")
    assert {values: each["StorageDescriptor"]["Location"] for values, each in partitions.items()} == {
        ("2026-11-01",): f"{location}day=2026-11-01/",
        ("2026-11-02",): f"{location}day=2026-11-02/",
        ("__HIVE_DEFAULT_PARTITION__",): f"{location}day=__HIVE_DEFAULT_PARTITION__/",
    }
    written = manifests(lake)
    assert written["t/_symlink_format_manifest/day=2026-11-01/manifest"] == [
        f"s3://{lake.bucket}/t/day=2026-11-01/d.parquet"
    ]
    assert written["t/_symlink_format_manifest/day=2026-11-02/manifest"] == [
        f"s3://{lake.bucket}/t/day=2026-11-02/b c.parquet"
    ]
    commit(lake, 2, {"remove": {"path": "day=2026-11-02/b%20c.parquet"}})
    lake.crawl_again(name)
    assert "t/_symlink_format_manifest/day=2026-11-02/manifest" not in manifests(lake)


def test_without_write_manifest_no_object_is_written(lake: Lake) -> None:
    commit(lake, 0, metadata(partitions=()), {"add": {"path": "a.parquet", "partitionValues": {}}})
    lake.crawl_again(crawler(lake))
    table = lake.table()
    assert (list(columns(table)), keys(table)) == (["id", "day", "tags"], [])
    assert manifests(lake) == {}


def test_a_checkpoint_and_the_commits_after_it(lake: Lake) -> None:
    values = pa.map_(pa.string(), pa.string())
    rows = [
        {"metaData": {"schemaString": metadata()["metaData"]["schemaString"], "partitionColumns": ["day"]}},
        {"add": {"path": "day=2026-11-01/a.parquet", "partitionValues": [("day", "2026-11-01")]}},
    ]
    schema = pa.schema(
        {
            "metaData": pa.struct({"schemaString": pa.string(), "partitionColumns": pa.list_(pa.string())}),
            "add": pa.struct({"path": pa.string(), "partitionValues": values}),
        }
    )
    sink = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows, schema=schema), sink)
    lake.put({f"t/_delta_log/{10:020}.checkpoint.parquet": sink.getvalue()})
    commit(lake, 11, add("2026-11-02", "b.parquet"))
    lake.crawl_again(crawler(lake, WriteManifest=True))
    assert set(lake.partitions("t")) == {("2026-11-01",), ("2026-11-02",)}


def test_what_cannot_be_crawled_says_so(lake: Lake) -> None:
    name = crawler(lake, WriteManifest=True)
    lake.crawl_again(name)
    assert lake.tables() == {}
    commit(lake, 1, metadata())
    assert "has no commit 0" in lake.run(name)["LastCrawl"]["ErrorMessage"]
    vectors = {"add": {"path": "a.parquet", "partitionValues": {}, "deletionVector": {"storageType": "u"}}}
    commit(lake, 0, metadata(partitions=()), vectors)
    commit(lake, 1, {"commitInfo": {}})
    assert "deletion vectors" in lake.run(name)["LastCrawl"]["ErrorMessage"]
    commit(lake, 0, {"metaData": {"schemaString": "{"}})
    assert "cannot be read" in lake.run(name)["LastCrawl"]["ErrorMessage"]
