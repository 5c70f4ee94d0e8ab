"""Partition indexes through boto3: created with their table or later, deleted with it."""

from collections.abc import Callable
from typing import Any
from zlib import crc32

import pytest
from botocore.exceptions import ClientError

TABLE = {"DatabaseName": "db", "TableName": "t"}
KEYS = [{"Name": "Year", "Type": "int"}, {"Name": "month", "Type": "string"}]


@pytest.fixture
def glue(aws: Callable[..., Any], request: pytest.FixtureRequest) -> Any:
    """A Glue client for the test's own account, with a table that has the index ``first`` on its year."""
    client = aws("glue", account=f"{crc32(request.node.name.encode()):012d}")
    client.create_database(DatabaseInput={"Name": "db"})
    table = {"Name": "t", "PartitionKeys": KEYS}
    client.create_table(
        DatabaseName="db", TableInput=table, PartitionIndexes=[{"IndexName": "first", "Keys": ["year"]}]
    )
    return client


def _names(glue: Any) -> list[str]:
    return [index["IndexName"] for index in glue.get_partition_indexes(**TABLE)["PartitionIndexDescriptorList"]]


def _create(glue: Any, name: str, *keys: str) -> None:
    glue.create_partition_index(**TABLE, PartitionIndex={"IndexName": name, "Keys": list(keys)})


def test_indexes_are_described_with_the_types_of_their_keys(glue: Any) -> None:
    _create(glue, "second", "month", "YEAR")
    assert glue.get_partition_indexes(**TABLE)["PartitionIndexDescriptorList"] == [
        {"IndexName": "first", "IndexStatus": "ACTIVE", "Keys": [{"Name": "year", "Type": "int"}]},
        {
            "IndexName": "second",
            "IndexStatus": "ACTIVE",
            "Keys": [{"Name": "month", "Type": "string"}, {"Name": "year", "Type": "int"}],
        },
    ]
    glue.delete_partition_index(**TABLE, IndexName="first")
    assert _names(glue) == ["second"]


@pytest.mark.parametrize(
    ("name", "keys", "code"),
    [
        ("first", ["month"], "AlreadyExistsException"),
        ("other", ["day"], "InvalidInputException"),
        ("other", ["year", "year"], "InvalidInputException"),
    ],
)
def test_an_invalid_index_is_refused(glue: Any, name: str, keys: list[str], code: str) -> None:
    with pytest.raises(ClientError) as caught:
        _create(glue, name, *keys)
    assert caught.value.response["Error"]["Code"] == code
    assert _names(glue) == ["first"]


def test_a_fourth_index_is_refused(glue: Any) -> None:
    _create(glue, "second", "month")
    _create(glue, "third", "year", "month")
    with pytest.raises(ClientError, match="ResourceNumberLimitExceededException"):
        _create(glue, "fourth", "month", "year")


def test_indexes_are_deleted_with_their_table(glue: Any) -> None:
    glue.delete_table(DatabaseName="db", Name="t")
    with pytest.raises(ClientError, match="Table t not found"):
        _names(glue)
    glue.create_table(DatabaseName="db", TableInput={"Name": "t", "PartitionKeys": KEYS})
    assert _names(glue) == []


def test_a_table_whose_index_is_refused_is_not_created(glue: Any) -> None:
    with pytest.raises(ClientError, match="InvalidInputException"):
        glue.create_table(
            DatabaseName="db", TableInput={"Name": "u"}, PartitionIndexes=[{"IndexName": "i", "Keys": ["no"]}]
        )
    with pytest.raises(ClientError, match="Table u not found"):
        glue.get_table(DatabaseName="db", Name="u")


def test_deleting_a_missing_index_is_refused(glue: Any) -> None:
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.delete_partition_index(**TABLE, IndexName="none")
