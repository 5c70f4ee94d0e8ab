"""Query executions without a worker, through boto3."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Aws = Callable[..., Any]
RESULTS = {"OutputLocation": "s3://results/folder"}


def start(athena: Any, sql: str = "select 1", **more: Any) -> str:
    given = {"ResultConfiguration": RESULTS, **more}
    return str(athena.start_query_execution(QueryString=sql, **given)["QueryExecutionId"])


def test_a_query_is_queued_with_its_members(aws: Aws) -> None:
    athena = aws("athena")
    query_id = start(athena, " select 1 ; ", QueryExecutionContext={"Database": "d", "Catalog": "AwsDataCatalog"})
    query = athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
    assert query["Query"] == "select 1"
    assert query["Status"]["State"] == "QUEUED"
    assert query["WorkGroup"] == "primary"
    assert query["QueryExecutionContext"] == {"Database": "d", "Catalog": "AwsDataCatalog"}
    assert query["ResultConfiguration"]["OutputLocation"].startswith("s3://results/folder/")
    assert query["EngineVersion"]["EffectiveEngineVersion"] == "Athena engine version 3"
    with pytest.raises(ClientError, match="Query has not yet finished. Current state: QUEUED"):
        athena.get_query_results(QueryExecutionId=query_id)


def test_a_token_starts_one_query(aws: Aws) -> None:
    athena, token = aws("athena"), str(uuid.uuid4())
    first = start(athena, ClientRequestToken=token)
    assert start(athena, ClientRequestToken=token) == first
    with pytest.raises(ClientError, match="Idempotent parameters do not match") as refusal:
        start(athena, "select 2", ClientRequestToken=token)
    assert refusal.value.response["Error"]["Code"] == "InvalidRequestException"


def test_a_query_needs_an_output_location(aws: Aws) -> None:
    athena = aws("athena")
    with pytest.raises(ClientError, match="No output location provided"):
        athena.start_query_execution(QueryString="select 1")
    with pytest.raises(ClientError, match="outputLocation is not a valid S3 path"):
        start(athena, ResultConfiguration={"OutputLocation": "results"})


def test_a_group_enforces_its_location_or_has_it_as_default(aws: Aws) -> None:
    athena = aws("athena")
    own = {"ResultConfiguration": {"OutputLocation": "s3://own/"}}
    athena.create_work_group(Name="enforcing", Configuration=own)
    athena.create_work_group(Name="proposing", Configuration={**own, "EnforceWorkGroupConfiguration": False})

    def location(**more: Any) -> str:
        query_id = start(athena, **more)
        query = athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
        return str(query["ResultConfiguration"]["OutputLocation"]).removesuffix(query_id)

    assert location(WorkGroup="enforcing") == "s3://own/"
    assert location(WorkGroup="proposing") == "s3://results/folder/"
    assert location(WorkGroup="proposing", ResultConfiguration={}) == "s3://own/"


def test_a_disabled_or_missing_group_refuses_queries(aws: Aws) -> None:
    athena = aws("athena")
    athena.create_work_group(Name="closed")
    athena.update_work_group(WorkGroup="closed", State="DISABLED")
    with pytest.raises(ClientError, match="WorkGroup closed is disabled"):
        start(athena, WorkGroup="closed")
    with pytest.raises(ClientError, match="WorkGroup nowhere is not found"):
        start(athena, WorkGroup="nowhere")


def test_a_long_query_is_refused(aws: Aws) -> None:
    athena = aws("athena")
    start(athena, "select 1 --" + "x" * (262144 - 11))
    with pytest.raises(ClientError) as refusal:
        start(athena, "select 1 --" + "x" * (262144 - 10))
    assert refusal.value.response["Error"]["Code"] == "InvalidRequestException"
    with pytest.raises(ClientError, match="262144 bytes"):
        start(athena, "select '" + "é" * 131072 + "'")


def test_a_queued_query_is_cancelled_immediately(aws: Aws) -> None:
    athena = aws("athena")
    query_id = start(athena)
    athena.stop_query_execution(QueryExecutionId=query_id)
    status = athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]["Status"]
    assert status["State"] == "CANCELLED"
    assert status["CompletionDateTime"] >= status["SubmissionDateTime"]
    athena.stop_query_execution(QueryExecutionId=query_id)
    with pytest.raises(ClientError, match="Final query state: CANCELLED"):
        athena.get_query_results(QueryExecutionId=query_id)


def test_queries_are_listed_by_group_the_latest_first(aws: Aws) -> None:
    athena = aws("athena", "222222222222")
    started = [start(athena) for _ in range(5)]
    pages = athena.get_paginator("list_query_executions").paginate(PaginationConfig={"PageSize": 2})
    listed = [query_id for page in pages for query_id in page["QueryExecutionIds"]]
    assert sorted(listed) == sorted(started)
    times = [
        athena.get_query_execution(QueryExecutionId=each)["QueryExecution"]["Status"]["SubmissionDateTime"]
        for each in listed
    ]
    assert times == sorted(times, reverse=True)


def test_a_batch_lists_missing_queries(aws: Aws) -> None:
    athena = aws("athena")
    query_id = start(athena)
    found = athena.batch_get_query_execution(QueryExecutionIds=[query_id, "nothing"])
    assert [each["QueryExecutionId"] for each in found["QueryExecutions"]] == [query_id]
    [missing] = found["UnprocessedQueryExecutionIds"]
    assert missing["QueryExecutionId"] == "nothing"
    with pytest.raises(ClientError, match="QueryExecution nothing was not found"):
        athena.get_query_execution(QueryExecutionId="nothing")
