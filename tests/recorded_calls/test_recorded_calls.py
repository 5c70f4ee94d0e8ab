"""Recorded calls of runs, with IAM's action names."""

import io
import json
from typing import Any

import pytest

from glue_local.core.wsgi import CALLER, Caller
from glue_local.recorded_calls import Call, calls_of, record_calls

RUN = "jr_" + "0" * 43


def environ(service: str, method: str = "GET", path: str = "/", body: bytes = b"", **more: str) -> dict[str, Any]:
    url, _, query = path.partition("?")
    return {
        CALLER: Caller("000000000000", "us-east-1", service),
        "REQUEST_METHOD": method,
        "PATH_INFO": url,
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **more,
    }


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/b/year=2026/x.parquet", [("s3:GetObject", "b/year=2026/*")]),
        ("HEAD", "/b/x", [("s3:GetObject", "b/x")]),
        ("PUT", "/b/out/a/b?partNumber=1&uploadId=2", [("s3:PutObject", "b/out/*")]),
        ("POST", "/b/out/a?uploads", [("s3:PutObject", "b/out/*")]),
        ("DELETE", "/b/out/a?uploadId=2", [("s3:AbortMultipartUpload", "b/out/*")]),
        ("DELETE", "/b/out/a", [("s3:DeleteObject", "b/out/*")]),
        ("GET", "/b?list-type=2&prefix=x", [("s3:ListBucket", "b")]),
        ("HEAD", "/b", [("s3:ListBucket", "b")]),
        ("GET", "/b?location", [("s3:GetBucketLocation", "b")]),
    ],
)
def test_s3(method: str, path: str, expected: list[tuple[str, str]]) -> None:
    assert list(calls_of(environ("s3", method, path))) == [
        Call(action, f"arn:aws:s3:::{on}") for action, on in expected
    ]


@pytest.mark.parametrize(
    ("service", "operation", "request_", "resources"),
    [
        ("glue", "GetTable", {"DatabaseName": "d", "Name": "t"}, ["catalog", "database/d", "table/d/t"]),
        ("glue", "BatchCreatePartition", {"DatabaseName": "d", "TableName": "t"}, ["catalog", "database/d", "table/d/t"]),
        ("glue", "GetDatabase", {"Name": "d"}, ["catalog", "database/d"]),
        ("glue", "StartJobRun", {"JobName": "j"}, ["job/j"]),
        ("kinesis", "GetRecords", {"StreamName": "s"}, ["stream/s"]),
        ("kinesis", "GetRecords", {"StreamARN": "arn:aws:kinesis:us-east-1:000000000000:stream/s"}, ["stream/s"]),
        ("logs", "PutLogEvents", {"logGroupName": "/g"}, ["log-group:/g:*"]),
    ],
)  # fmt: skip
def test_targets(service: str, operation: str, request_: dict[str, Any], resources: list[str]) -> None:
    given = environ(service, "POST", "/", json.dumps(request_).encode(), HTTP_X_AMZ_TARGET=f"X.{operation}")
    expected = [
        Call(f"{service}:{operation}", f"arn:aws:{service}:us-east-1:000000000000:{each}") for each in resources
    ]
    assert list(calls_of(given)) == expected
    assert json.loads(given["wsgi.input"].read()) == request_, "the service can still read the body"


def test_a_deletion_of_several_objects_is_recorded_by_folder() -> None:
    body = b"<Delete><Object><Key>out/a</Key></Object><Object><Key>out/b</Key></Object><Object><Key>o&amp;p/c</Key></Object></Delete>"
    assert list(calls_of(environ("s3", "POST", "/b?delete", body))) == [
        Call("s3:DeleteObject", f"arn:aws:s3:::b/{folder}/*") for folder in ("out", "o&p")
    ]


def test_only_calls_of_runs_are_recorded() -> None:
    noted = []
    application = record_calls(lambda environ, start: [b"answer"], lambda *call: noted.append(call))
    for agent in ("Boto3/1.44 app/none", f"Boto3/1.44 app/{RUN}", f"{RUN}, Hadoop 3.3.4, aws-sdk-java/1.12"):
        assert application(environ("s3", "GET", "/b/x", HTTP_USER_AGENT=agent), None) == [b"answer"]
    assert [sender for _, sender, _ in noted] == [RUN, RUN]
