"""Catalog targets: https://docs.aws.amazon.com/glue/latest/dg/define-crawler-choose-data-sources.html."""

import json
from collections.abc import Callable
from typing import Any

from tests.crawl.conftest import Lake, columns, keys

POLICY = {"DeleteBehavior": "LOG", "UpdateBehavior": "UPDATE_IN_DATABASE"}


def create_table(lake: Lake, name: str, location: str, partition_keys: tuple[str, ...] = ()) -> None:
    given = {
        "Name": name,
        "Parameters": {"mine": "kept"},
        "PartitionKeys": [{"Name": key, "Type": "int"} for key in partition_keys],
        "StorageDescriptor": {"Location": location, "Columns": [{"Name": "old", "Type": "string"}]},
    }
    lake.glue.create_table(DatabaseName=lake.database, TableInput=given)


def crawler(lake: Lake, *tables: str, **definition: Any) -> str:
    targets = {"CatalogTargets": [{"DatabaseName": lake.database, "Tables": list(tables)}]}
    return lake.create(Targets=targets, SchemaChangePolicy=POLICY, DatabaseName="", **definition)


def test_an_existing_table_is_updated_and_gets_partitions(lake: Lake) -> None:
    location = f"s3://{lake.bucket}/data"
    create_table(lake, "mine", location, ("the_year",))
    lake.put({"data/2025/a.json": '{"a": 1}', "data/2026/b.json": '{"b": "x", "c": true}', "other/c.json": '{"c": 1}'})
    lake.crawl_again(crawler(lake, "Mine"))
    table = lake.table()
    assert table["Name"] == "mine"
    assert columns(table) == {"a": "int", "b": "string", "c": "boolean"}
    assert table["PartitionKeys"] == [{"Name": "the_year", "Type": "int"}]
    assert (table["Parameters"]["mine"], table["Parameters"]["classification"]) == ("kept", "json")
    assert table["StorageDescriptor"]["Location"] == location
    assert set(lake.partitions("mine")) == {("2025",), ("2026",)}


def test_a_table_without_data_remains(lake: Lake) -> None:
    create_table(lake, "mine", f"s3://{lake.bucket}/nothing/")
    lake.crawl_again(crawler(lake, "mine"))
    assert columns(lake.table()) == {"old": "string"}


def test_data_of_several_formats_does_not_change_the_table(lake: Lake) -> None:
    create_table(lake, "mine", f"s3://{lake.bucket}/data/")
    lake.put({"data/x/a.json": '{"a": 1}', "data/y/b.csv": "a,b\n1,2\n3,4\n"})
    lake.crawl_again(crawler(lake, "mine"))
    assert (set(lake.tables()), columns(lake.table())) == ({"mine"}, {"old": "string"})


def test_tables_of_several_databases(lake: Lake) -> None:
    other = f"{lake.database}_other"
    lake.glue.create_database(DatabaseInput={"Name": other})
    lake.put({"data/a.json": '{"a": 1}'})
    create_table(lake, "one", f"s3://{lake.bucket}/data/")
    given = {"Name": "two", "StorageDescriptor": {"Location": f"s3://{lake.bucket}/data/", "Columns": []}}
    lake.glue.create_table(DatabaseName=other, TableInput=given)
    targets = [{"DatabaseName": name, "Tables": [table]} for name, table in ((lake.database, "one"), (other, "two"))]
    name = lake.create(Targets={"CatalogTargets": targets}, SchemaChangePolicy=POLICY)
    lake.crawl_again(name)
    assert keys(lake.table()) == []
    found = lake.glue.get_table(DatabaseName=other, Name="two")["Table"]
    assert columns(lake.table()) == columns(found) == {"a": "int"}
    [metrics] = lake.glue.get_crawler_metrics(CrawlerNameList=[name])["CrawlerMetricsList"]
    assert metrics["TablesUpdated"] == 2


def test_tables_of_dynamodb_and_delta_keep_their_names(lake: Lake, aws: Callable[..., Any]) -> None:
    dynamodb, name = aws("dynamodb"), f"items-{lake.bucket}"
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    schema = json.dumps({"type": "struct", "fields": [{"name": "a", "type": "long"}]})
    metadata = json.dumps({"metaData": {"schemaString": schema, "partitionColumns": []}})
    lake.put({f"delta/_delta_log/{0:020}.json": metadata})
    dynamodb.put_item(TableName=name, Item={"id": {"S": "a"}, "n": {"N": "1"}})
    lake.crawl(Targets={"DynamoDBTargets": [{"Path": name}]})
    [made] = lake.tables()
    dynamodb.put_item(TableName=name, Item={"id": {"S": "b"}, "more": {"BOOL": True}})
    given = {"Location": f"s3://{lake.bucket}/delta", "Columns": []}
    table = {"Name": "mine", "Parameters": {"table_type": "delta"}, "StorageDescriptor": given}
    lake.glue.create_table(DatabaseName=lake.database, TableInput=table)
    lake.crawl_again(crawler(lake, made, "mine"))
    tables = lake.tables()
    assert set(tables) == {made, "mine"}
    assert columns(tables[made]) == {"id": "string", "n": "bigint", "more": "boolean"}
    assert columns(tables["mine"]) == {"a": "bigint"}


def test_what_cannot_be_crawled_fails_by_name(lake: Lake) -> None:
    create_table(lake, "jdbc", "db.public.orders")
    assert "does not exist" in lake.run(crawler(lake, "none"))["LastCrawl"]["ErrorMessage"]
    assert (
        "jdbc is none: its location is db.public.orders" in lake.run(crawler(lake, "jdbc"))["LastCrawl"]["ErrorMessage"]
    )
