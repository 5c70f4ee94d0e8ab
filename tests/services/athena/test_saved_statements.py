"""Named queries and prepared statements through boto3."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Aws = Callable[..., Any]


def test_a_named_query_is_created_updated_and_deleted(aws: Aws) -> None:
    athena = aws("athena")
    token = str(uuid.uuid4())
    given = {"Name": "jams", "Database": "traffic", "QueryString": "select 1", "Description": "slow"}
    query_id = athena.create_named_query(**given, ClientRequestToken=token)["NamedQueryId"]
    assert athena.create_named_query(**given, ClientRequestToken=token)["NamedQueryId"] == query_id
    expected = {**given, "NamedQueryId": query_id, "WorkGroup": "primary"}
    assert athena.get_named_query(NamedQueryId=query_id)["NamedQuery"] == expected
    athena.update_named_query(NamedQueryId=query_id, Name="jams", QueryString="select 2")
    found = athena.batch_get_named_query(NamedQueryIds=[query_id, "none"])
    assert found["NamedQueries"] == [{**expected, "QueryString": "select 2"}]
    assert found["UnprocessedNamedQueryIds"][0]["NamedQueryId"] == "none"
    assert query_id in athena.list_named_queries()["NamedQueryIds"]
    athena.delete_named_query(NamedQueryId=query_id)
    with pytest.raises(ClientError, match="was not found"):
        athena.get_named_query(NamedQueryId=query_id)


def test_a_prepared_statement_belongs_to_its_work_group(aws: Aws) -> None:
    athena = aws("athena")
    athena.create_work_group(Name="other")
    where = {"StatementName": "by_day", "WorkGroup": "primary"}
    athena.create_prepared_statement(**where, QueryStatement="select ?")
    with pytest.raises(ClientError, match="already exists"):
        athena.create_prepared_statement(**where, QueryStatement="select ?")
    with pytest.raises(ClientError) as missing:
        athena.get_prepared_statement(StatementName="by_day", WorkGroup="other")
    assert missing.value.response["Error"]["Code"] == "ResourceNotFoundException"
    athena.update_prepared_statement(**where, QueryStatement="select ? + 1", Description="d")
    statement = athena.get_prepared_statement(**where)["PreparedStatement"]
    assert (statement["QueryStatement"], statement["Description"]) == ("select ? + 1", "d")
    assert [
        each["StatementName"] for each in athena.list_prepared_statements(WorkGroup="primary")["PreparedStatements"]
    ] == ["by_day"]
    found = athena.batch_get_prepared_statement(PreparedStatementNames=["by_day", "none"], WorkGroup="primary")
    assert [each["StatementName"] for each in found["UnprocessedPreparedStatementNames"]] == ["none"]
    athena.delete_prepared_statement(**where)
    with pytest.raises(ClientError) as gone:
        athena.delete_prepared_statement(**where)
    assert gone.value.response["Error"]["Code"] == "ResourceNotFoundException"
