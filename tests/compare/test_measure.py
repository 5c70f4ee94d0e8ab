"""Measuring an execution: its states, its files, and the S3 requests of its job runs and queries."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from glue_local.client.clients import local
from glue_local.compare.measure import Requests, before, measure
from glue_local.compare.workflows import GLUE

if TYPE_CHECKING:
    from glue_local.server import Server

DEFINITION = """{"StartAt": "Defaults", "States": {
    "Defaults": {"Type": "Pass", "Next": "Each"},
    "Each": {"Type": "Map", "ItemsPath": "$.items", "Next": "Repartition", "ResultPath": "$.done",
        "ItemProcessor": {"StartAt": "One", "States": {"One": {"Type": "Pass", "End": true}}}},
    "Repartition": {"Type": "Pass", "Next": "Last"},
    "Last": {"Type": "Wait", "Seconds": 1, "End": true}}}"""
BUCKET, DATABASE = "measured-curated", "measured"
WORKFLOW = replace(GLUE, database=DATABASE)


@pytest.fixture
def execution(aws: Callable[..., Any]) -> str:
    states = aws("stepfunctions")
    role = "arn:aws:iam::000000000000:role/states"
    machine = states.create_state_machine(name=f"measured-{uuid4().hex}", definition=DEFINITION, roleArn=role)[
        "stateMachineArn"
    ]
    arn: str = states.start_execution(stateMachineArn=machine, input='{"items": [1, 2, 3]}')["executionArn"]
    end = time.monotonic() + 60
    while states.describe_execution(executionArn=arn)["status"] == "RUNNING":
        assert time.monotonic() < end
        time.sleep(0.05)
    return arn


def test_an_execution_is_measured(endpoint: "Server", aws: Callable[..., Any], execution: str) -> None:
    s3, glue = aws("s3"), aws("glue")
    s3.create_bucket(Bucket=BUCKET)
    glue.create_database(DatabaseInput={"Name": DATABASE})
    for name in ("events", "raw_events"):
        table = {"Name": name, "StorageDescriptor": {"Location": f"s3://{BUCKET}/{name}/"}}
        glue.create_table(DatabaseName=DATABASE, TableInput=table)
    s3.put_object(Bucket=BUCKET, Key="events/old", Body=b"x" * 7)
    earlier = before(aws, endpoint.endpoint, WORKFLOW)
    s3.put_object(Bucket=BUCKET, Key="raw_events/new", Body=b"x" * 99)
    of_athena = local("s3", endpoint_url=endpoint.endpoint, application="athena")
    of_athena.put_object(Bucket=BUCKET, Key="events/new", Body=b"x" * 10)
    of_athena.put_object(Bucket=BUCKET, Key="events/marker/", Body=b"")
    of_athena.get_object(Bucket=BUCKET, Key="events/old")["Body"].read()

    found = measure(aws, endpoint.endpoint, WORKFLOW, execution, earlier, {"a.py": 3}, 602)

    assert (found.events, found.lines, found.runs, found.queries) == (602, {"a.py": 3}, [], [])
    assert 0 <= found.first_result <= found.seconds - 0.9, "the last state waits a second"
    assert found.transitions == 1 + 4 + 3, "the start, four states, and one per item"
    assert (found.files, found.file_bytes) == (1, 10)
    assert found.requests == Requests({"PUT": 2, "GET": 1}, read=7, written=10)
    assert [span.name for span in found.spans] == ["Each"]


def test_requests_are_none_if_the_server_does_not_count_them(aws: Callable[..., Any], execution: str) -> None:
    nowhere = partial(before, aws, "http://localhost:1")
    assert nowhere(WORKFLOW).totals is None
    found = measure(aws, "http://localhost:1", WORKFLOW, execution, nowhere(WORKFLOW), {}, 1)
    assert found.requests is None
