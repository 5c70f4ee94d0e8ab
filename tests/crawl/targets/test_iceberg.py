"""Iceberg targets: https://docs.aws.amazon.com/glue/latest/webapi/API_IcebergTarget.html."""

import gzip
import json
from typing import Any

from tests.crawl.conftest import Lake, columns

SCHEMA = {
    "type": "struct",
    "schema-id": 1,
    "fields": [
        {"id": 1, "name": "Id", "required": True, "type": "long"},
        {"id": 2, "name": "price", "required": False, "type": "decimal(9, 2)", "doc": "in euro"},
        {"id": 3, "name": "seen", "required": False, "type": "timestamptz"},
        {"id": 4, "name": "tags", "required": False, "type": {"type": "list", "element-id": 5, "element": "string"}},
        {"id": 6, "name": "by", "required": False, "type": {"type": "map", "key": "string", "value": "int"}},
        {
            "id": 9,
            "name": "at",
            "required": False,
            "type": {"type": "struct", "fields": [{"id": 10, "name": "x", "required": True, "type": "fixed[4]"}]},
        },
    ],
}


def metadata(location: str, schema: dict[str, Any] = SCHEMA) -> str:
    return json.dumps(
        {
            "format-version": 2,
            "location": location,
            "schemas": [{"schema-id": 0, "fields": []}, schema],
            "current-schema-id": 1,
        }
    )


def crawler(lake: Lake, *paths: str, **target: Any) -> str:
    paths = tuple(f"s3://{lake.bucket}/{path}" for path in paths)
    return lake.create(Targets={"IcebergTargets": [{"Paths": list(paths), **target}]})


def test_a_table_is_registered_with_its_latest_metadata(lake: Lake) -> None:
    root = f"s3://{lake.bucket}/lake/sales.db/orders"
    lake.put(
        {
            "lake/sales.db/orders/metadata/00000-a.metadata.json": metadata(root, {**SCHEMA, "fields": []}),
            "lake/sales.db/orders/metadata/00010-b.metadata.json": metadata(root),
            "lake/sales.db/orders/metadata/00009-c.metadata.json": metadata(root, {**SCHEMA, "fields": []}),
            "lake/sales.db/orders/metadata/snap-1.avro": "x",
            "lake/sales.db/orders/data/a.parquet": "x",
        }
    )
    name = crawler(lake, "lake/")
    lake.crawl_again(name)
    table = lake.table()
    assert table["Name"] == "orders"
    assert table["Parameters"] == {
        "table_type": "ICEBERG",
        "metadata_location": f"{root}/metadata/00010-b.metadata.json",
        "UPDATED_BY_CRAWLER": name,
    }
    assert table["StorageDescriptor"]["Location"] == root
    assert columns(table) == {
        "id": "bigint",
        "price": "decimal(9,2)",
        "seen": "timestamp",
        "tags": "array<string>",
        "by": "map<string,int>",
        "at": "struct<x:binary>",
    }
    first, second = table["StorageDescriptor"]["Columns"][:2]
    assert first["Parameters"] == {
        "iceberg.field.current": "true",
        "iceberg.field.id": "1",
        "iceberg.field.optional": "false",
    }
    assert second["Comment"] == "in euro"


def test_another_crawl_follows_the_table(lake: Lake) -> None:
    root = f"s3://{lake.bucket}/t"
    lake.put({"t/metadata/v1.metadata.json": metadata(root)})
    name = crawler(lake, "t")
    lake.crawl_again(name)
    lake.crawl_again(name)
    assert lake.table()["VersionId"] == "0"
    lake.put({"t/metadata/v2.gz.metadata.json": gzip.compress(metadata(root).encode())})
    lake.crawl_again(name)
    assert lake.table()["Parameters"]["metadata_location"] == f"{root}/metadata/v2.gz.metadata.json"
    # The version of Hadoop's catalog is the one in its hint.
    lake.put({"t/metadata/version-hint.text": "1"})
    lake.crawl_again(name)
    assert lake.table()["Parameters"]["metadata_location"] == f"{root}/metadata/v1.metadata.json"


def test_depth_and_exclusions(lake: Lake) -> None:
    for folder in ("a", "b/c", "b/d/e", "f"):
        lake.put({f"lake/{folder}/metadata/v1.metadata.json": metadata(f"s3://{lake.bucket}/lake/{folder}")})
    lake.crawl_again(crawler(lake, "lake", MaximumTraversalDepth=3, Exclusions=["f"]))
    assert set(lake.tables()) == {"a", "c"}


def test_a_table_that_is_gone_is_deprecated(lake: Lake) -> None:
    lake.put({"t/metadata/v1.metadata.json": metadata(f"s3://{lake.bucket}/t")})
    name = crawler(lake, "t")
    lake.crawl_again(name)
    lake.s3.delete_object(Bucket=lake.bucket, Key="t/metadata/v1.metadata.json")
    lake.crawl_again(name)
    assert "DEPRECATED_BY_CRAWLER" in lake.table()["Parameters"]


def test_damaged_metadata_fails_the_crawl_with_its_name(lake: Lake) -> None:
    lake.put({"t/metadata/v1.metadata.json": "{"})
    last = lake.run(crawler(lake, "t"))["LastCrawl"]
    assert last["Status"] == "FAILED"
    assert "t/metadata/v1.metadata.json cannot be read" in last["ErrorMessage"]
