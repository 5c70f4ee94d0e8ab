"""A request on which the backend failed: an invalid one gets the error of its service and protocol, a valid one stays a defect."""

import gzip
import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from botocore.exceptions import ClientError
from werkzeug.test import EnvironBuilder, run_wsgi_app

from glue_local.backend import BOTOCORE_NAMES, VIOLATION_CODES
from glue_local.core.faults import Missing
from glue_local.wire.front import identify_caller
from glue_local.wire.request_faults import find_request_faults

FORM = "application/x-www-form-urlencoded"
ROLE = "RoleName=r&AssumeRolePolicyDocument=%7B%7D"


class Defect(Exception):
    """An exception that says nothing about the request."""


def asked(service: str, error: Exception, body: bytes, path: str = "/", method: str = "POST", **headers: str) -> str:
    """Return the status and the error code of a request on which the backend raises ``error``."""

    def backend(environ: dict[str, Any], start_response: Any) -> Any:
        environ["wsgi.input"].read()
        raise error

    credential = f"AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host"
    sent = {"Authorization": credential, **{name.replace("_", "-"): value for name, value in headers.items()}}
    finding = find_request_faults(backend, BOTOCORE_NAMES, VIOLATION_CODES, lambda: "1")
    application = identify_caller(finding, "000000000000", "us-east-1")
    environ = EnvironBuilder(path, method=method, data=body, headers=sent).get_environ()
    pieces, status, _ = run_wsgi_app(application, environ)
    return f"{status[:3]} {_code(b''.join(pieces))}"


def _code(body: bytes) -> str:
    if body.startswith(b"{"):
        return str(json.loads(body)["__type"])
    return str(next(element.text for element in fromstring(body).iter("Code")))


def called(service: str, target: str, request: Any, error: Exception | None = None, **headers: str) -> str:
    """Return the answer to a request in the JSON protocol."""
    body = request if isinstance(request, bytes) else json.dumps(request).encode()
    return asked(service, error or Defect(), body, X_Amz_Target=target, **headers)


KINESIS, LOGS, SQS = "Kinesis_20131202.DeleteStream", "Logs_20140328.DeleteLogGroup", "AmazonSQS.CreateQueue"


@pytest.mark.parametrize(
    ("service", "target", "request_", "answer"),
    [
        ("kinesis", KINESIS, {"StreamName": "a b"}, "400 ValidationException"),
        ("kinesis", KINESIS, {"StreamName": 1}, "400 SerializationException"),
        ("kinesis", KINESIS, b"{", "400 SerializationException"),
        ("kinesis", KINESIS, [], "400 SerializationException"),
        ("kinesis", "Kinesis_20131202.Delete", {}, "400 UnknownOperationException"),
        ("logs", LOGS, {}, "400 InvalidParameterException"),
        ("sqs", SQS, {}, "400 InvalidParameterValue"),
        ("states", "AWSStepFunctions.TagResource", {"resourceArn": "x", "tags": []}, "400 ValidationException"),
        ("events", "AWSEvents.TagResource", {"ResourceARN": "x", "Tags": []}, "400 ValidationException"),
    ],
)
def test_a_document_that_violates_the_model(service: str, target: str, request_: Any, answer: str) -> None:
    assert called(service, target, request_) == answer


@pytest.mark.parametrize(
    ("form", "answer"),
    [
        ("Action=CreateRole&RoleName=r", "400 ValidationError"),
        ("Action=CreateRole&RoleName=a/b&AssumeRolePolicyDocument=%7B%7D", "400 ValidationError"),
        (f"Action=CreateRole&{ROLE}&MaxSessionDuration=soon", "400 ValidationError"),
        (f"Action=CreateRole&{ROLE}&Tags.member.1.Key=a", "400 ValidationError"),
        (f"Action=CreateRole&{ROLE}&Tags=a", "400 ValidationError"),
        ("Action=Create", "400 InvalidAction"),
        ("", "400 InvalidAction"),
    ],
)
def test_a_form_that_violates_the_model(form: str, answer: str) -> None:
    assert asked("iam", Defect(), form.encode(), Content_Type=FORM) == answer


LOGGING = b"<BucketLoggingStatus><LoggingEnabled>%b</LoggingEnabled></BucketLoggingStatus>"


@pytest.mark.parametrize(
    ("method", "path", "body", "answer"),
    [
        ("PUT", "/b?logging", b"<Buck", "400 MalformedXML"),
        ("PUT", "/b?logging", b"<x/>", "400 MalformedXML"),
        ("PUT", "/b?logging", b"", "400 MalformedXML"),
        ("PUT", "/b?logging", LOGGING % b"<TargetBucket>a</TargetBucket>", "400 MalformedXML"),
        ("GET", "/b?max-keys=many", b"", "400 InvalidArgument"),
        ("PUT", "/b/k?partNumber=one&uploadId=1", b"", "400 InvalidArgument"),
    ],
)
def test_a_request_to_s3_that_violates_the_model(method: str, path: str, body: bytes, answer: str) -> None:
    assert asked("s3", Defect(), body, path, method) == answer


@pytest.mark.parametrize(
    "ask",
    [
        lambda error: called("kinesis", KINESIS, {"StreamName": "a"}, error),
        lambda error: called("kinesis", KINESIS, gzip.compress(b'{"StreamName": "a"}'), error, Content_Encoding="gzip"),
        lambda error: asked("iam", error, f"Action=CreateRole&{ROLE}".encode(), Content_Type=FORM),
        lambda error: asked("s3", error, b"", "/b?max-keys=1", "GET"),
        lambda error: asked("s3", error, b"content", "/b/k", "PUT"),
        lambda error: asked("s3", error, b"", "/b/a%2Fk%00?tagging", "GET"),
        lambda error: asked("unknown", error, b"", "/b", "GET"),
        lambda error: called("dynamodb", "DynamoDBStreams_20120810.ListStreams", {}, error),
    ],
)
@pytest.mark.parametrize("error", [Defect("'a'"), KeyError("x"), AttributeError("'a'"), ValueError("a value")])
def test_a_valid_request_stays_a_defect(ask: Callable[[Exception], str], error: Exception) -> None:
    with pytest.raises(type(error)):
        ask(error)


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (KeyError("missing"), "400 ResourceNotFoundException"),
        (ValueError("invalid literal for int() with base 10: 'missing'"), "400 InvalidArgumentException"),
        (json.JSONDecodeError("Expecting value", "missing", 0), "400 InvalidArgumentException"),
        (re.error("unbalanced", "missing", 0), "400 InvalidArgumentException"),
    ],
)
def test_an_exception_that_names_a_value(error: Exception, answer: str) -> None:
    assert called("kinesis", KINESIS, {"StreamName": "missing"}, error) == answer
    with pytest.raises(type(error)):
        called("kinesis", KINESIS, {"StreamName": "other"}, error)


def test_a_truncated_compressed_document() -> None:
    packed = gzip.compress(b'{"StreamName": "a"}')[:-5]
    assert called("kinesis", KINESIS, packed, Content_Encoding="gzip") == "400 SerializationException"


def test_an_exception_that_names_an_absent_member() -> None:
    lacking = {"resourceArn": "arn:aws:states:us-east-1:000000000000:activity:a", "tags": [{"value": "v"}]}
    target = "AWSStepFunctions.TagResource"
    assert called("states", target, lacking, KeyError("key")) == "400 ValidationException"
    with pytest.raises(KeyError):
        called("states", target, {**lacking, "tags": [{"key": "k", "value": "v"}]}, KeyError("key"))


def test_the_declared_status_of_an_error_is_used() -> None:
    form = b"Action=GetRole&RoleName=missing"
    assert asked("iam", KeyError("missing"), form, Content_Type=FORM) == "404 NoSuchEntity"


def test_faults_pass_unchanged() -> None:
    with pytest.raises(Missing):
        called("kinesis", KINESIS, {}, Missing("x"))


def test_through_boto3(aws: Callable[..., Any]) -> None:
    """Requests on which moto fails."""
    for ask, code in (
        (partial(aws("events").describe_event_source, Name="aws.partner/a/b"), "ResourceNotFoundException"),
        (partial(aws("cloudformation").list_exports, NextToken="x"), "ValidationError"),
    ):
        with pytest.raises(ClientError) as refused:
            ask()
        assert refused.value.response["Error"]["Code"] == code
