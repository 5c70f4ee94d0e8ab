"""DynamoDB tables: the columns are those of the items that are scanned."""

from collections.abc import Iterator, Mapping
from typing import Any

from glue_local.crawl.failures import CrawlFailed
from glue_local.crawl.names import table_name
from glue_local.crawl.targets.tables import Table, columns_of, table_input
from glue_local.crawl.types import STRING, Columns, Type, merge, merge_columns

_SAMPLE = 1000
"""The number of items that are read without ScanAll; AWS does not document it."""
_SCALARS = {"S": STRING, "B": "binary", "BOOL": "boolean", "NULL": None}
_SETS = {"SS": "S", "NS": "N", "BS": "B"}


def tables(dynamodb: Any, prefix: str, target: Mapping[str, Any], check: Any) -> Iterator[Table]:
    """Yield the table of a DynamoDBTarget. Raises CrawlFailed if it does not exist."""
    name = target["Path"]
    try:
        table = dynamodb.describe_table(TableName=name)["Table"]
    except dynamodb.exceptions.ResourceNotFoundException:
        raise CrawlFailed(f"The DynamoDB table {name} does not exist.") from None
    columns: Columns = {}
    count = 0
    for item in _items(dynamodb, name, check, scan_all=target.get("scanAll", True)):
        columns = merge_columns(columns, {attribute: _type(value) for attribute, value in item.items()})
        count += 1
    items, size = max(table.get("ItemCount", 0), count), table.get("TableSizeBytes", 0)
    keys = {each["KeyType"]: each["AttributeName"] for each in table["KeySchema"]}
    parameters = {
        "CrawlerSchemaSerializerVersion": "1.0",
        "CrawlerSchemaDeserializerVersion": "1.0",
        "classification": "dynamodb",
        "typeOfData": "table",
        "hashKey": keys["HASH"],
        **({"rangeKey": keys["RANGE"]} if "RANGE" in keys else {}),
        "recordCount": str(items),
        "sizeKey": str(size),
        "averageRecordSize": str(size // items if items else 0),
    }
    made = table_name(prefix, name, "")
    yield Table(table_input(made, table["TableArn"], columns_of(columns), parameters=parameters, SerdeInfo={}))


def _items(dynamodb: Any, name: str, check: Any, *, scan_all: bool) -> Iterator[dict[str, Any]]:
    found = 0
    for page in dynamodb.get_paginator("scan").paginate(TableName=name):
        check()
        for item in page["Items"]:
            yield item
            found += 1
            if found == _SAMPLE and not scan_all:
                return


def _type(value: dict[str, Any]) -> Type:
    [(kind, inner)] = value.items()
    if kind == "N":
        return "bigint" if inner.lstrip("-").isdigit() else "double"
    if kind in _SETS:
        return ("array", _merged([_type({_SETS[kind]: each}) for each in inner]))
    if kind == "L":
        return ("array", _merged([_type(each) for each in inner]))
    if kind == "M":
        return ("struct", {name: _type(each) for name, each in inner.items()})
    return _SCALARS[kind]


def _merged(types: list[Type]) -> Type:
    found: Type = None
    for each in types:
        found = merge(found, each)
    return found
