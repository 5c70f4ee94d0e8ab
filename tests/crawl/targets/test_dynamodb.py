"""DynamoDB targets: https://docs.aws.amazon.com/glue/latest/webapi/API_DynamoDBTarget.html."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from tests.crawl.conftest import Lake, columns

_NUMBERS = count()


@pytest.fixture
def table(aws: Callable[..., Any]) -> Any:
    """A DynamoDB table: its name and its client."""
    client, name = aws("dynamodb"), f"Orders-{next(_NUMBERS)}"
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}, {"AttributeName": "day", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "Id", "AttributeType": "S"},
            {"AttributeName": "day", "AttributeType": "N"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return name, client


def test_the_columns_are_those_of_the_items(lake: Lake, table: Any) -> None:
    name, client = table
    more = {
        "price": {"N": "1.5"},
        "ok": {"BOOL": True},
        "data": {"B": b"x"},
        "names": {"SS": ["a"]},
        "list": {"L": [{"N": "1"}, {"N": "2.5"}]},
        "at": {"M": {"x": {"N": "1"}, "none": {"NULL": True}}},
    }
    client.put_item(TableName=name, Item={"Id": {"S": "a"}, "day": {"N": "1"}, **more})
    client.put_item(TableName=name, Item={"Id": {"S": "b"}, "day": {"N": "-2"}, "price": {"N": "3"}})
    lake.crawl(Targets={"DynamoDBTargets": [{"Path": name, "scanRate": 0.5}]}, TablePrefix="ddb_")
    found = lake.table()
    assert found["Name"] == f"ddb_{name.lower().replace('-', '_')}"
    types = columns(found)
    assert {one: types[one] for one in sorted(types)} == {
        "at": "struct<x:bigint,none:string>",
        "data": "binary",
        "day": "bigint",
        "id": "string",
        "list": "array<double>",
        "names": "array<string>",
        "ok": "boolean",
        "price": "double",
    }
    assert found["StorageDescriptor"]["Location"] == f"arn:aws:dynamodb:us-east-1:000000000000:table/{name}"
    parameters = found["Parameters"]
    assert (parameters["classification"], parameters["typeOfData"], parameters["recordCount"]) == (
        "dynamodb",
        "table",
        "2",
    )
    assert (parameters["hashKey"], parameters["rangeKey"]) == ("Id", "day")


def test_a_sample_may_miss_attributes_that_a_scan_finds(lake: Lake, table: Any) -> None:
    name, client = table
    for start in range(0, 1100, 25):
        puts = [
            {"PutRequest": {"Item": {"Id": {"S": f"{at:05}"}, "day": {"N": "1"}, f"c{at // 1000}": {"N": "1"}}}}
            for at in range(start, start + 25)
        ]
        client.batch_write_item(RequestItems={name: puts})
    lake.crawl(Targets={"DynamoDBTargets": [{"Path": name, "scanAll": False}]})
    sampled = len(columns(lake.table()))
    lake.crawl(Targets={"DynamoDBTargets": [{"Path": name}]})
    assert sampled <= len(columns(lake.table())) == 4


def test_a_missing_table_fails_the_crawl(lake: Lake) -> None:
    last = lake.run(lake.create(Targets={"DynamoDBTargets": [{"Path": "nothing"}]}))["LastCrawl"]
    assert (last["Status"], last["ErrorMessage"]) == ("FAILED", "The DynamoDB table nothing does not exist.")
