"""Request bodies: limits per service, of memory and of depth; invalid text is refused."""

import gzip
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from werkzeug.test import EnvironBuilder, run_wsgi_app

from glue_local.backend import BOTOCORE_NAMES
from glue_local.core.faults import Unavailable
from glue_local.server import Server
from glue_local.wire.bodies import bound_bodies
from glue_local.wire.budget import Budget
from glue_local.wire.front import identify_caller

MIB = 1024 * 1024


def _post(endpoint: Server, body: bytes, service: str, target: str = "", **headers: str) -> tuple[int, bytes]:
    credential = f"AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host"
    named = {"X-Amz-Target": target} if target else {}
    request = urllib.request.Request(
        endpoint.endpoint, body, {"Authorization": credential, "Content-Type": "application/x-amz-json-1.1", **named}
    )
    for name, value in headers.items():
        request.add_header(name.replace("_", "-"), value)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


@pytest.mark.parametrize(
    ("service", "target"),
    [
        ("glue", "AWSGlue.GetDatabases"),
        ("logs", "Logs_20140328.DescribeLogGroups"),
        ("states", "AWSStepFunctions.ListStateMachines"),
        ("tagging", "ResourceGroupsTaggingAPI_20170126.GetResources"),
    ],
)
def test_documents_above_awss_limit_are_refused(endpoint: Server, service: str, target: str) -> None:
    status, answer = _post(endpoint, b'{"x": "' + b"a" * (30 * MIB) + b'"}', service, target)
    assert (status, json.loads(answer)["__type"]) == (413, "RequestEntityTooLargeException")
    assert _post(endpoint, b'{"x": "' + b"a" * MIB + b'"}', service, target)[0] == 200


def test_documents_with_too_many_nodes_are_refused(endpoint: Server) -> None:
    for service, target in (("glue", "AWSGlue.GetDatabases"), ("logs", "Logs_20140328.DescribeLogGroups")):
        status, answer = _post(endpoint, b'{"x": [' + b"[]," * 300_000 + b"[]]}", service, target)
        assert (status, json.loads(answer)["__type"]) == (413, "RequestEntityTooLargeException")


def test_forms_above_awss_limit_are_refused_in_xml(endpoint: Server) -> None:
    form = b"Action=ListUsers&x=" + b"a" * (9 * MIB)
    status, answer = _post(endpoint, form, "iam", Content_Type="application/x-www-form-urlencoded")
    assert status == 413
    assert b"<Code>RequestEntityTooLargeException</Code>" in answer


def test_the_largest_kinesis_request_passes(endpoint: Server, aws: Callable[..., Any]) -> None:
    kinesis = aws("kinesis")
    kinesis.create_stream(StreamName="large", ShardCount=1)
    records = [{"Data": b"x" * 1_000_000, "PartitionKey": "k"}] * 4
    assert kinesis.put_records(StreamName="large", Records=records)["FailedRecordCount"] == 0


def test_uploads_may_be_larger_than_documents(endpoint: Server, aws: Callable[..., Any]) -> None:
    s3 = aws("s3")
    s3.create_bucket(Bucket="large-uploads")
    s3.put_object(Bucket="large-uploads", Key="k", Body=b"x" * (30 * MIB))
    assert s3.head_object(Bucket="large-uploads", Key="k")["ContentLength"] == 30 * MIB


def test_a_compressed_document_above_the_limit_is_refused(endpoint: Server) -> None:
    bomb = gzip.compress(b"a" * (100 * MIB))
    status, _ = _post(
        endpoint, bomb, "monitoring", "GraniteServiceVersion20100801.PutMetricData", Content_Encoding="gzip"
    )
    assert status == 413


def test_a_chunked_document_is_limited_as_well(endpoint: Server) -> None:
    def pieces() -> Any:
        yield from (b"a" * MIB for _ in range(30))

    request = urllib.request.Request(endpoint.endpoint, pieces(), {"X-Amz-Target": "AWSGlue.GetDatabases"})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    with caught.value:
        assert caught.value.code == 413


@pytest.mark.parametrize("half", ["\ud800", "a\udfff", "\udc00\ud800"])
@pytest.mark.parametrize(
    ("service", "operation", "request_"),
    [
        ("glue", "create_database", {"DatabaseInput": {"Name": "{}"}}),
        ("glue", "get_tables", {"DatabaseName": "{}"}),
        ("firehose", "describe_delivery_stream", {"DeliveryStreamName": "{}"}),
        ("stepfunctions", "start_execution", {"stateMachineArn": "{}"}),
        ("logs", "create_log_group", {"logGroupName": "{}"}),
    ],
)
def test_a_lone_surrogate_is_refused_by_every_service(
    aws: Callable[..., Any], service: str, operation: str, request_: dict[str, Any], half: str
) -> None:
    filled = json.loads(json.dumps(request_).replace("{}", json.dumps(half)[1:-1]))
    with pytest.raises(ClientError) as caught:
        getattr(aws(service), operation)(**filled)
    error = caught.value.response
    assert (error["ResponseMetadata"]["HTTPStatusCode"], error["Error"]["Code"]) == (400, "SerializationException")


def test_characters_beyond_the_basic_plane_pass(aws: Callable[..., Any]) -> None:
    glue = aws("glue")
    glue.create_database(DatabaseInput={"Name": "rocket", "Description": "\U0001f680"})
    assert glue.get_database(Name="rocket")["Database"]["Description"] == "\U0001f680"


@pytest.mark.parametrize("body", [b'{"Name": "\xed\xa0\x80"}', b'{"Name": "\xff"}', b"[" * 100_000, b"{", b"1"])
def test_invalid_documents_are_refused(endpoint: Server, body: bytes) -> None:
    status, answer = _post(endpoint, body, "glue", "AWSGlue.GetDatabase")
    assert (status, json.loads(answer)["__type"]) == (400, "SerializationException")


def test_requests_wait_until_others_free_their_memory() -> None:
    budget, began, done = Budget(10, longest_wait=5), threading.Event(), threading.Event()
    order = []

    def second() -> None:
        began.set()
        with budget.holding(6):
            order.append("second")
        done.set()

    thread = threading.Thread(target=second)
    with budget.holding(6):
        thread.start()
        began.wait()
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    with budget.holding(11):  # more than the budget: all of it
        pass


def test_a_request_that_waits_too_long_is_refused() -> None:
    budget = Budget(10, longest_wait=0.01)
    with budget.holding(6), pytest.raises(Unavailable, match="send fewer at a time"), budget.holding(6):
        raise AssertionError("held more than the budget")
    with budget.holding(10):
        pass


@pytest.mark.parametrize(
    ("service", "target", "code"),
    [
        ("kinesis", "Kinesis_20131202.ListStreams", "ServiceUnavailable"),
        ("logs", "Logs_20140328.DescribeLogGroups", "ServiceUnavailableException"),
        ("firehose", "Firehose_20150804.PutRecord", "ServiceUnavailableException"),
        ("iam", "", "ServiceUnavailable"),
        ("s3", "", "SlowDown"),
    ],
)
def test_a_refusal_for_lack_of_memory_has_the_services_code(service: str, target: str, code: str) -> None:
    def application(environ: dict[str, Any], start_response: Any) -> Any:
        raise Unavailable("send fewer at a time")

    bounded = bound_bodies(application, {}, lambda environ: False, BOTOCORE_NAMES, lambda: "1")
    form = {"Content-Type": "application/x-www-form-urlencoded"} if service == "iam" else {}
    credential = f"AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host"
    headers = {"Authorization": credential, **({"X-Amz-Target": target} if target else {}), **form}
    environ = EnvironBuilder(method="POST", data=b"{}", headers=headers).get_environ()
    pieces, status, _ = run_wsgi_app(identify_caller(bounded, "000000000000", "us-east-1"), environ)
    answer = b"".join(pieces).decode()
    assert status.startswith("503")
    assert (json.loads(answer)["__type"] if target else answer.partition("<Code>")[2].partition("<")[0]) == code
