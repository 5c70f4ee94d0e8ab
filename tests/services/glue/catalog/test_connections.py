"""Connections through boto3."""

from typing import Any

import pytest

URL = {"JDBC_CONNECTION_URL": "jdbc:postgresql://localhost:5432/traffic", "USERNAME": "me", "PASSWORD": "secret"}


def given(name: str, **more: Any) -> dict[str, Any]:
    return {"Name": name, "ConnectionType": "JDBC", "ConnectionProperties": URL, **more}


@pytest.fixture
def glue(aws: Any) -> Any:
    glue = aws("glue")
    glue.create_connection(ConnectionInput=given("traffic", MatchCriteria=["a", "b"]))
    yield glue
    for connection in glue.get_connections()["ConnectionList"]:
        glue.delete_connection(ConnectionName=connection["Name"])


def test_a_connection_is_returned_with_and_without_its_password(glue: Any) -> None:
    shown = glue.get_connection(Name="traffic")["Connection"]
    assert (shown["ConnectionProperties"], shown["Status"]) == (URL, "READY")
    hidden = glue.get_connection(Name="traffic", HidePassword=True)["Connection"]["ConnectionProperties"]
    assert hidden == {name: value for name, value in URL.items() if name != "PASSWORD"}


def test_connections_are_selected_by_type_and_criteria(glue: Any) -> None:
    glue.create_connection(ConnectionInput=given("other", ConnectionType="NETWORK", ConnectionProperties={}))

    def names(**wanted: Any) -> list[str]:
        return [one["Name"] for one in glue.get_connections(Filter=wanted)["ConnectionList"]]

    assert names() == ["other", "traffic"]
    assert names(ConnectionType="NETWORK") == ["other"]
    assert names(MatchCriteria=["b"]) == ["traffic"]


def test_a_connection_is_replaced_and_removed(glue: Any) -> None:
    created = glue.get_connection(Name="traffic")["Connection"]["CreationTime"]
    glue.update_connection(Name="traffic", ConnectionInput=given("traffic", Description="new"))
    changed = glue.get_connection(Name="traffic")["Connection"]
    assert (changed["Description"], changed["CreationTime"]) == ("new", created)
    assert "MatchCriteria" not in changed
    done = glue.batch_delete_connection(ConnectionNameList=["traffic", "nobody"])
    assert done["Succeeded"] == ["traffic"]
    assert done["Errors"]["nobody"]["ErrorCode"] == "EntityNotFoundException"


def test_duplicate_and_missing_names_are_refused(glue: Any) -> None:
    with pytest.raises(glue.exceptions.AlreadyExistsException):
        glue.create_connection(ConnectionInput=given("traffic"))
    for call in (
        lambda: glue.get_connection(Name="nobody"),
        lambda: glue.delete_connection(ConnectionName="nobody"),
        lambda: glue.update_connection(Name="nobody", ConnectionInput=given("nobody")),
    ):
        with pytest.raises(glue.exceptions.EntityNotFoundException):
            call()


def test_connections_deleted_between_pages_hide_no_others(aws: Any) -> None:
    client = aws("glue", account="000000000077")
    for n in range(11):
        client.create_connection(ConnectionInput=given(f"c{n}"))
    for page in client.get_paginator("get_connections").paginate(PaginationConfig={"PageSize": 4}):
        client.batch_delete_connection(ConnectionNameList=[each["Name"] for each in page["ConnectionList"]])
    assert client.get_connections()["ConnectionList"] == []
