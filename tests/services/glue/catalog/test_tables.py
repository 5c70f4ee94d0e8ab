"""Databases and tables through boto3: fixed names, versions, error codes."""

from collections.abc import Callable
from typing import Any
from zlib import crc32

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def glue(aws: Callable[..., Any], request: pytest.FixtureRequest) -> Any:
    """A Glue client for the test's own account, with a database and a table."""
    client = aws("glue", account=f"{crc32(request.node.name.encode()):012d}")
    client.create_database(DatabaseInput={"Name": "DB"})
    client.create_table(DatabaseName="db", TableInput={"Name": "T"})
    return client


def _refusal(call: Callable[..., Any], **request: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**request)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


def test_a_table_keeps_its_name(glue: Any) -> None:
    code, message = _refusal(glue.update_table, DatabaseName="db", Name="t", TableInput={"Name": "other"})
    assert (code, "rename is not supported" in message) == ("InvalidInputException", True)
    assert glue.get_table(DatabaseName="db", Name="t")["Table"]["Name"] == "t"
    glue.update_table(DatabaseName="db", Name="T", TableInput={"Name": "T", "Description": "same name"})
    glue.delete_table(DatabaseName="db", Name="t")
    assert glue.get_tables(DatabaseName="db")["TableList"] == []


def test_a_database_keeps_its_name(glue: Any) -> None:
    code, _ = _refusal(glue.update_database, Name="db", DatabaseInput={"Name": "other"})
    assert code == "InvalidInputException"
    glue.update_database(Name="db", DatabaseInput={"Name": "Db", "Description": "same name"})
    assert glue.get_database(Name="db")["Database"]["Description"] == "same name"


def test_table_input_is_required(glue: Any) -> None:
    assert _refusal(glue.create_table, DatabaseName="db")[0] == "InvalidInputException"
    assert _refusal(glue.update_table, DatabaseName="db")[0] == "InvalidInputException"


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("*", ["my-sales", "sales", "sales_2024", "t"]),
        ("sales*", ["sales", "sales_2024"]),
        ("SALES*", ["sales", "sales_2024"]),
        ("*sales*", ["my-sales", "sales", "sales_2024"]),
        ("*sales", ["my-sales", "sales"]),
        ("s*_*4", ["sales_2024"]),
        ("my-*|T", ["my-sales", "t"]),
        ("sales", ["sales"]),
        ("sale", []),
        ("SALES.*", ["sales", "sales_2024"]),
        (".*sales.*", ["my-sales", "sales", "sales_2024"]),
        (r"sales_\d{4}", ["sales_2024"]),
        ("(t|sales)", ["sales", "t"]),
        ("*s" * 12 + "*x", []),
    ],
)
def test_tables_match_hive_patterns_and_regular_expressions(glue: Any, expression: str, names: list[str]) -> None:
    for name in ("Sales", "sales_2024", "my-sales"):
        glue.create_table(DatabaseName="db", TableInput={"Name": name})
    pages = glue.get_paginator("get_tables").paginate(DatabaseName="db", Expression=expression)
    assert [table["Name"] for each in pages for table in each["TableList"]] == names


@pytest.mark.parametrize("expression", ["*.x", "(sales", "a**.b", "[*", "a{99999999999}"])
def test_a_pattern_that_is_neither_is_refused(glue: Any, expression: str) -> None:
    assert _refusal(glue.get_tables, DatabaseName="db", Expression=expression)[0] == "InvalidInputException"


def test_tables_and_databases_deleted_between_pages_hide_no_others(glue: Any) -> None:
    for n in range(11):
        glue.create_database(DatabaseInput={"Name": f"d{n}"})
        glue.create_table(DatabaseName="db", TableInput={"Name": f"t{n}"})
    size = {"PageSize": 4}
    for each in glue.get_paginator("get_tables").paginate(DatabaseName="db", PaginationConfig=size):
        for table in each["TableList"]:
            glue.delete_table(DatabaseName="db", Name=table["Name"])
    assert glue.get_tables(DatabaseName="db")["TableList"] == []
    for each in glue.get_paginator("get_databases").paginate(PaginationConfig=size):
        for database in each["DatabaseList"]:
            glue.delete_database(Name=database["Name"])
    assert glue.get_databases()["DatabaseList"] == []


def test_versions_are_archived_unless_skipped(glue: Any) -> None:
    for description, skip in (("one", False), ("two", True), ("three", False)):
        glue.update_table(DatabaseName="db", TableInput={"Name": "t", "Description": description}, SkipArchive=skip)
    versions = glue.get_table_versions(DatabaseName="db", TableName="t")["TableVersions"]
    assert [(v["VersionId"], v["Table"].get("Description")) for v in versions] == [
        ("3", "three"),
        ("2", "two"),
        ("0", None),
    ]
    assert _refusal(glue.update_table, DatabaseName="db", TableInput={"Name": "t"}, VersionId="1")[0] == (
        "ConcurrentModificationException"
    )


def test_the_columns_of_an_iceberg_table_are_marked_as_current(glue: Any) -> None:
    columns = [{"Name": "id", "Type": "bigint"}, {"Name": "old", "Type": "string"}]
    marked = [{**columns[0], "Parameters": {"iceberg.field.current": "true"}}]
    left = [{**columns[1], "Parameters": {"iceberg.field.current": "false"}}]
    for given, stored in ((columns[:1], marked), ([*marked, *left], [*marked, *left])):
        table = {
            "Name": f"i{len(given)}",
            "Parameters": {"table_type": "ICEBERG"},
            "StorageDescriptor": {"Columns": given},
        }
        glue.create_table(DatabaseName="db", TableInput=table)
        assert glue.get_table(DatabaseName="db", Name=table["Name"])["Table"]["StorageDescriptor"]["Columns"] == stored
