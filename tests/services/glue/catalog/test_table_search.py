"""SearchTables through boto3: texts, filters, order, pages."""

from collections.abc import Callable
from typing import Any
from zlib import crc32

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def glue(aws: Callable[..., Any], request: pytest.FixtureRequest) -> Any:
    """A Glue client for the test's own account, with four tables in two databases."""
    client = aws("glue", account=f"{crc32(request.node.name.encode()):012d}")
    for name in ("road", "rail"):
        client.create_database(DatabaseInput={"Name": name})
    columns = [{"Name": "speed", "Type": "int", "Comment": "km per hour"}]
    for database, table in (
        ("road", {"Name": "customer-link", "Parameters": {"classification": "parquet"}}),
        ("road", {"Name": "links", "StorageDescriptor": {"Columns": columns, "Location": "s3://bucket/links/"}}),
        ("rail", {"Name": "xx-link-yy", "Description": "Every link of the network", "Owner": "rail"}),
        ("rail", {"Name": "xxlinkyy", "Parameters": {"classification": "csv"}}),
    ):
        client.create_table(DatabaseName=database, TableInput=table)
    return client


def _names(glue: Any, **request: Any) -> list[str]:
    names, token = [], {}
    while True:
        answer = glue.search_tables(MaxResults=1, **request, **token)
        names += [table["Name"] for table in answer["TableList"]]
        if "NextToken" not in answer:
            return names
        token = {"NextToken": answer["NextToken"]}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("LINK", ["customer-link", "links", "xx-link-yy", "xxlinkyy"]),
        ("link network", ["xx-link-yy"]),
        ("kilometre", []),
        ("hour", ["links"]),
        ("bucket", ["links"]),
        ('"rail"', ["xx-link-yy", "xxlinkyy"]),
        ('"link"', []),
    ],
)
def test_text_matches_names_descriptions_columns_and_locations(glue: Any, text: str, names: list[str]) -> None:
    assert _names(glue, SearchText=text) == names


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ([{"Key": "Name", "Value": "link"}], ["customer-link", "xx-link-yy"]),
        ([{"Key": "Name", "Value": "link"}, {"Key": "DatabaseName", "Value": "rail"}], ["xx-link-yy"]),
        ([{"Key": "classification", "Value": "csv"}], ["xxlinkyy"]),
        ([{"Key": "CreateTime", "Value": "2020-01-01", "Comparator": "LESS_THAN"}], []),
        (
            [{"Key": "UpdateTime", "Value": "2020-01-01T00:00:00Z", "Comparator": "GREATER_THAN"}],
            ["customer-link", "links", "xx-link-yy", "xxlinkyy"],
        ),
    ],
)
def test_filters_compare_tokens_and_times(glue: Any, filters: list[dict[str, str]], names: list[str]) -> None:
    assert _names(glue, Filters=filters) == names


@pytest.mark.parametrize("field", ["Name", "DatabaseName", "CreateTime"])
def test_tables_are_sorted_as_requested(glue: Any, field: str) -> None:
    ascending = _names(glue, SortCriteria=[{"FieldName": field, "Sort": "ASC"}])
    descending = _names(glue, SortCriteria=[{"FieldName": field, "Sort": "DESC"}])
    found = {table["Name"]: table[field] for table in glue.search_tables()["TableList"]}
    assert [found[name] for name in ascending] == sorted(found.values())
    assert [found[name] for name in descending] == sorted(found.values(), reverse=True)


def test_a_filter_with_an_invalid_time_is_refused(glue: Any) -> None:
    with pytest.raises(ClientError, match="InvalidInputException"):
        glue.search_tables(Filters=[{"Key": "CreateTime", "Value": "yesterday"}])
