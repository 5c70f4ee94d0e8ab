"""User-defined functions through boto3: create, read, update, list, delete."""

from collections.abc import Callable
from typing import Any
from zlib import crc32

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def glue(aws: Callable[..., Any], request: pytest.FixtureRequest) -> Any:
    """A Glue client for the test's own account, with the databases one and two."""
    client = aws("glue", account=f"{crc32(request.node.name.encode()):012d}")
    for name in ("one", "two"):
        client.create_database(DatabaseInput={"Name": name})
    return client


def _create(glue: Any, database: str, name: str, **more: Any) -> None:
    given = {"FunctionName": name, "ClassName": "org.example.F", "OwnerName": "o", "OwnerType": "USER", **more}
    glue.create_user_defined_function(DatabaseName=database, FunctionInput=given)


def _names(glue: Any, pattern: str, **more: Any) -> list[tuple[str, str]]:
    pages = glue.get_paginator("get_user_defined_functions").paginate(
        Pattern=pattern, PaginationConfig={"PageSize": 2}, **more
    )
    return [(f["DatabaseName"], f["FunctionName"]) for each in pages for f in each["UserDefinedFunctions"]]


def _code(call: Callable[..., Any], **request: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**request)
    return str(caught.value.response["Error"]["Code"])


def test_a_function_is_returned_unchanged(glue: Any) -> None:
    uris = [{"ResourceType": "JAR", "Uri": "s3://b/udf.jar"}]
    _create(glue, "one", "ToGeo", ResourceUris=uris, FunctionType="REGULAR_FUNCTION")
    found = glue.get_user_defined_function(DatabaseName="ONE", FunctionName="TOGEO")["UserDefinedFunction"]
    assert (found["FunctionName"], found["DatabaseName"], found["ResourceUris"]) == ("togeo", "one", uris)
    assert _code(_create, glue=glue, database="one", name="togeo") == "AlreadyExistsException"


def test_functions_are_listed_by_pattern_database_and_type(glue: Any) -> None:
    for database, name in (("one", "abs_a"), ("one", "abs_b"), ("one", "max_a"), ("two", "abs_c")):
        _create(glue, database, name, FunctionType="AGGREGATE_FUNCTION" if name == "max_a" else "REGULAR_FUNCTION")
    assert _names(glue, "abs*") == [("one", "abs_a"), ("one", "abs_b"), ("two", "abs_c")]
    assert _names(glue, ".*_a", DatabaseName="one") == [("one", "abs_a"), ("one", "max_a")]
    assert _names(glue, "*", FunctionType="AGGREGATE_FUNCTION") == [("one", "max_a")]


def test_an_update_replaces_and_renames(glue: Any) -> None:
    _create(glue, "one", "f")
    _create(glue, "one", "g")
    update = {"DatabaseName": "one", "FunctionName": "f"}
    glue.update_user_defined_function(**update, FunctionInput={"FunctionName": "h", "ClassName": "org.example.H"})
    found = glue.get_user_defined_function(DatabaseName="one", FunctionName="h")["UserDefinedFunction"]
    assert (found["ClassName"], "OwnerName" in found) == ("org.example.H", False)
    assert _code(glue.update_user_defined_function, **update, FunctionInput={}) == "EntityNotFoundException"
    taken = {"DatabaseName": "one", "FunctionName": "h", "FunctionInput": {"FunctionName": "g"}}
    assert _code(glue.update_user_defined_function, **taken) == "InvalidInputException"
    assert _names(glue, "*") == [("one", "g"), ("one", "h")]


def test_functions_are_deleted_with_their_database(glue: Any) -> None:
    _create(glue, "one", "f")
    glue.delete_database(Name="one")
    glue.create_database(DatabaseInput={"Name": "one"})
    assert _names(glue, "*") == []


def test_missing_functions_are_refused(glue: Any) -> None:
    assert _code(_create, glue=glue, database="no", name="f") == "EntityNotFoundException"
    assert _code(glue.create_user_defined_function, DatabaseName="one", FunctionInput={}) == "InvalidInputException"
    for call in (glue.get_user_defined_function, glue.delete_user_defined_function):
        assert _code(call, DatabaseName="one", FunctionName="f") == "EntityNotFoundException"
    _create(glue, "one", "f")
    glue.delete_user_defined_function(DatabaseName="one", FunctionName="F")
    assert _names(glue, "*") == []
