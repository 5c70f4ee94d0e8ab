"""What crawlers do with tables that exist: SchemaChangePolicy, RecrawlPolicy and Configuration.

https://docs.aws.amazon.com/glue/latest/dg/crawler-configuration.html
"""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.crawl.conftest import Lake, columns, keys

ROW, WIDER = '{"a": 1, "b": 2, "c": 3}\n', '{"a": 1, "b": 2, "c": 3, "d": 4}\n'
LOG = {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"}


def configuration(**members: Any) -> str:
    return json.dumps({"Version": 1.0, **members})


def test_an_unchanged_table_has_no_new_version(lake: Lake) -> None:
    lake.put({"data/day=1/a.json": ROW})
    crawler = lake.crawl()
    lake.crawl_again(crawler)
    [second, first] = lake.glue.list_crawls(CrawlerName=crawler)["Crawls"]
    assert json.loads(first["Summary"]) == {
        "TABLE": {"ADD": {"Details": {"names": ["data"]}, "Count": 1}},
        "PARTITION": {"ADD": {"Count": 1}},
    }
    assert "Summary" not in second
    assert lake.table()["VersionId"] == "0"


def test_new_columns_and_partitions_update_the_table(lake: Lake) -> None:
    lake.put({"data/day=1/a.json": ROW})
    crawler = lake.crawl()
    lake.put({"data/day=2/a.json": WIDER})
    lake.crawl_again(crawler)
    assert list(columns(lake.table())) == ["a", "b", "c", "d"]
    assert {values: list(columns(each)) for values, each in lake.partitions("data").items()} == {
        ("1",): ["a", "b", "c"],
        ("2",): ["a", "b", "c", "d"],
    }


def test_partitions_inherit_from_the_table(lake: Lake) -> None:
    lake.put({"data/day=1/a.json": ROW, "data/day=2/a.json": WIDER})
    output = {"Partitions": {"AddOrUpdateBehavior": "InheritFromTable"}}
    lake.crawl(Configuration=configuration(CrawlerOutput=output))
    assert columns(lake.partitions("data")["1",]) == columns(lake.table())


def test_log_changes_no_table_but_adds_partitions(lake: Lake) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/crawler-schema-changes-prevent.html"""
    lake.put({"data/day=1/a.json": ROW})
    crawler = lake.crawl(SchemaChangePolicy=LOG)
    lake.put({"data/day=2/a.json": WIDER})
    lake.crawl_again(crawler)
    assert list(columns(lake.table())) == ["a", "b", "c"]
    assert set(lake.partitions("data")) == {("1",), ("2",)}


def test_only_new_columns_are_merged_into_an_edited_table(lake: Lake) -> None:
    lake.put({"data/a.json": ROW})
    output = {"Tables": {"AddOrUpdateBehavior": "MergeNewColumns"}}
    crawler = lake.crawl(Configuration=configuration(CrawlerOutput=output))
    table = lake.table()
    members = ("Name", "StorageDescriptor", "PartitionKeys", "TableType", "Parameters")
    edited = {**{member: table[member] for member in members}, "Description": "edited"}
    edited["StorageDescriptor"]["Columns"][0]["Type"] = "string"
    lake.glue.update_table(DatabaseName=lake.database, TableInput=edited)
    lake.put({"data/a.json": WIDER})
    lake.crawl_again(crawler)
    assert columns(lake.table()) == {"a": "string", "b": "int", "c": "int", "d": "int"}
    assert lake.table()["Description"] == "edited"


@pytest.mark.parametrize("behavior", ["DELETE_FROM_DATABASE", "DEPRECATE_IN_DATABASE", "LOG"])
def test_deleted_data(lake: Lake, behavior: str) -> None:
    lake.put({"data/x/day=1/a.json": ROW, "data/x/day=2/a.json": ROW, "data/y/a.csv": "id,n\n1,x\n"})
    policy = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": behavior}
    crawler = lake.crawl(SchemaChangePolicy=policy)
    for key in ("data/x/day=2/a.json", "data/y/a.csv"):
        lake.s3.delete_object(Bucket=lake.bucket, Key=key)
    # Another folder, so that x stays a table of its own.
    lake.put({"data/z/b.csv": "k,n\n1,x\n"})
    lake.crawl_again(crawler)
    tables, partitions = lake.tables(), lake.partitions("x")
    if behavior == "DELETE_FROM_DATABASE":
        assert (set(tables), set(partitions)) == ({"x", "z"}, {("1",)})
    else:
        deprecated = behavior == "DEPRECATE_IN_DATABASE"
        assert ("DEPRECATED_BY_CRAWLER" in tables["y"]["Parameters"]) == deprecated
        assert ("DEPRECATED_BY_CRAWLER" in partitions["2",]["Parameters"]) == deprecated
        assert "DEPRECATED_BY_CRAWLER" not in tables["x"]["Parameters"]
    lake.put({"data/x/day=2/a.json": ROW, "data/y/a.csv": "id,n\n1,x\n"})
    lake.crawl_again(crawler)
    assert "DEPRECATED_BY_CRAWLER" not in lake.tables()["y"]["Parameters"]
    assert "DEPRECATED_BY_CRAWLER" not in lake.partitions("x")["2",]["Parameters"]


def test_tables_of_others_are_not_deleted(lake: Lake) -> None:
    descriptor = {"Location": f"s3://{lake.bucket}/data/mine/", "Columns": []}
    lake.glue.create_table(
        DatabaseName=lake.database, TableInput={"Name": "mine", "StorageDescriptor": descriptor, "Parameters": {}}
    )
    lake.put({"data/a.json": ROW})
    lake.crawl(SchemaChangePolicy={"DeleteBehavior": "DELETE_FROM_DATABASE"})
    assert set(lake.tables()) == {"mine", "data"}


def test_new_folders_only(lake: Lake) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/incremental-crawls.html"""
    lake.put({"data/day=1/a.json": ROW, "data/day=2/a.json": ROW})
    recrawl = {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"}
    crawler = lake.crawl(RecrawlPolicy=recrawl, SchemaChangePolicy=LOG)
    before = lake.partitions("data")["1",]
    # A change of a folder that was crawled is not seen; its removal is not either.
    lake.put({"data/day=1/b.json": WIDER, "data/day=3/a.json": ROW})
    lake.s3.delete_object(Bucket=lake.bucket, Key="data/day=2/a.json")
    lake.crawl_again(crawler)
    found = lake.partitions("data")
    assert set(found) == {("1",), ("2",), ("3",)}
    assert found["1",] == before
    lake.crawl_again(crawler)
    assert "Summary" not in lake.glue.list_crawls(CrawlerName=crawler)["Crawls"][0]


def test_names_of_tables(lake: Lake) -> None:
    lake.put({"data/Order-Items.v2/a.json": ROW, "other/Order-Items.v2/a.json": ROW})
    paths = [f"s3://{lake.bucket}/{folder}/Order-Items.v2/" for folder in ("data", "other")]
    lake.crawl(Targets={"S3Targets": [{"Path": path} for path in paths]}, TablePrefix="Raw-")
    first, second = sorted(lake.tables(), key=len)
    assert first == "raw_order_items_v2"
    assert second.startswith(f"{first}_")
    assert len(second) == len(first) + 33
    assert lake.tables()[second]["StorageDescriptor"]["Location"] == paths[1]


def test_the_number_of_tables_is_limited(lake: Lake) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/crawler-maximum-number-of-tables.html"""
    lake.put({"data/a/x.json": ROW, "data/b/x.csv": "id,n\n1,x\n"})
    output = {"Tables": {"TableThreshold": 1}}
    last = lake.run(lake.create(Configuration=configuration(CrawlerOutput=output)))["LastCrawl"]
    assert (last["Status"], lake.tables()) == ("FAILED", {})
    assert "The number of tables detected by crawler: 2 is greater" in last["ErrorMessage"]


def test_a_partition_index_is_created_on_demand(lake: Lake) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/crawler-configure-partition-index.html"""
    lake.put({"data/day=1/a.json": ROW})
    crawler = lake.crawl(Configuration=configuration(CreatePartitionIndex=True))
    indexes = lake.glue.get_partition_indexes(DatabaseName=lake.database, TableName="data")
    [index] = indexes["PartitionIndexDescriptorList"]
    assert [key["KeyName"] if "KeyName" in key else key["Name"] for key in index["Keys"]] == ["day"]
    assert lake.table()["Parameters"]["partition_filtering.enabled"] == "true"
    lake.crawl_again(crawler)
    assert lake.table()["VersionId"] == "0"


def test_a_missing_database_is_created(lake: Lake) -> None:
    lake.put({"data/a.json": ROW})
    lake.glue.delete_database(Name=lake.database)
    lake.crawl()
    assert keys(lake.table()) == []


def test_a_missing_bucket_fails_the_crawl(lake: Lake) -> None:
    last = lake.run(lake.create(Targets={"S3Targets": [{"Path": "s3://not-there/data/"}]}))["LastCrawl"]
    assert last["Status"] == "FAILED"
    assert "NoSuchBucket" in last["ErrorMessage"]


def test_a_deleted_table_is_created_again(lake: Lake) -> None:
    lake.put({"data/day=1/a.json": ROW})
    crawler = lake.crawl()
    lake.glue.delete_table(DatabaseName=lake.database, Name="data")
    with pytest.raises(ClientError):
        lake.glue.get_table(DatabaseName=lake.database, Name="data")
    lake.crawl_again(crawler)
    assert set(lake.partitions("data")) == {("1",)}
