"""The options of MongoDB and DocumentDB, converted for MongoDB's Spark connector."""

from typing import Any

import pytest

from awsglue.context import GlueContext
from awsglue.sources import mongodb
from awsglue.sources.mongodb import address

GIVEN = {"uri": "mongodb://localhost:27017", "database": "db", "collection": "points"}


@pytest.mark.parametrize(
    ("options", "uri"),
    [
        ({}, "mongodb://localhost:27017/"),
        ({"username": "u@x", "password": "p/w"}, "mongodb://u%40x:p%2Fw@localhost:27017/"),
        ({"ssl": "true", "retryWrites": "false"}, "mongodb://localhost:27017/?tls=true&retryWrites=false"),
        (
            {"ssl": "true", "ssl.domain_match": "false"},
            "mongodb://localhost:27017/?tls=true&tlsAllowInvalidHostnames=true",
        ),
        ({"connection.uri": "mongodb://a:1,b:2/?replicaSet=r"}, "mongodb://a:1,b:2/?replicaSet=r"),
    ],
)
def test_login_and_tls_are_parts_of_the_uri(options: dict[str, str], uri: str) -> None:
    assert address("mongodb", {**GIVEN, **options}) == {"connection.uri": uri, "database": "db", "collection": "points"}


@pytest.mark.parametrize("missing", GIVEN)
def test_a_missing_option_is_named(missing: str) -> None:
    with pytest.raises(ValueError, match=f'documentdb must have "{missing}"'):
        address("documentdb", {name: value for name, value in GIVEN.items() if name != missing})
    with pytest.raises(ValueError, match="invalid MongoDB URI 'localhost'"):
        address("documentdb", {**GIVEN, "uri": "localhost"})


def test_a_glue_connection_provides_address_and_login(aws: Any, aws_environment: None) -> None:
    properties = {"CONNECTION_URL": "mongodb://h:1", "USERNAME": "u", "PASSWORD": "p", "JDBC_ENFORCE_SSL": "true"}
    connection = {"Name": "documents", "ConnectionType": "MONGODB", "ConnectionProperties": properties}
    aws("glue").create_connection(ConnectionInput=connection)
    found = address("mongodb", {"connectionName": "documents", "database": "db", "collection": "c"})
    assert found["connection.uri"] == "mongodb://u:p@h:1/?tls=true"


def test_without_the_connector_the_fix_is_named(
    glue_context: GlueContext, frame: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mongodb, "_CLASS", "com.mongodb.Absent")  # this machine may have the connector
    with pytest.raises(ValueError, match="glue-local doctor --fix --connectors mongodb"):
        glue_context.create_dynamic_frame.from_options("mongodb", GIVEN)
    with pytest.raises(ValueError, match="glue-local doctor --fix --connectors mongodb"):
        glue_context.write_dynamic_frame.from_options(frame('{"a": 1}'), "documentdb", GIVEN)
