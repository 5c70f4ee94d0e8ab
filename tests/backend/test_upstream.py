"""The server in front of another AWS endpoint: requests for other services pass through unchanged."""

import io
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from glue_local.server import Server
from glue_local.settings import Settings

Aws = Callable[..., Any]
Client = Callable[[str], Any]

ROLE = "arn:aws:iam::000000000000:role/r"


def client_of(server: Server) -> Client:
    def client(service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=server.endpoint,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    return client


@pytest.fixture(scope="module")
def front(endpoint: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Clients of a server whose upstream is ``endpoint``."""
    settings = Settings(port=0, data_dir=tmp_path_factory.mktemp("front"), children=(), upstream=endpoint.endpoint)
    with Server(settings) as server:
        yield client_of(server)


@pytest.fixture(scope="module")
def orphan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Clients of a server whose upstream does not run."""
    settings = Settings(port=0, data_dir=tmp_path_factory.mktemp("o"), children=(), upstream="http://localhost:9")
    with Server(settings) as server:
        yield client_of(server)


@pytest.fixture
def bucket(aws: Aws) -> str:
    aws("s3").create_bucket(Bucket="passed")
    return "passed"


@pytest.mark.parametrize("key", ["plain", "a b+c", "100%", "dir//x", "wëg/é", "q?x=1&y"])
def test_objects_pass_with_their_keys(front: Client, aws: Aws, bucket: str, key: str) -> None:
    front("s3").put_object(Bucket=bucket, Key=key, Body=b"body", Metadata={"with_underscore": "kept"})
    there = aws("s3").get_object(Bucket=bucket, Key=key)
    assert (there["Body"].read(), there["Metadata"]) == (b"body", {"with_underscore": "kept"})
    assert front("s3").get_object(Bucket=bucket, Key=key)["Body"].read() == b"body"


def test_a_large_body_passes_both_ways(front: Client, bucket: str) -> None:
    body = bytes(range(256)) * 40_000
    front("s3").put_object(Bucket=bucket, Key="large", Body=io.BytesIO(body))
    assert front("s3").get_object(Bucket=bucket, Key="large")["Body"].read() == body


def test_a_response_without_a_body_stays_empty(front: Client, bucket: str) -> None:
    front("s3").put_object(Bucket=bucket, Key="head", Body=b"12345")
    assert front("s3").head_object(Bucket=bucket, Key="head")["ContentLength"] == 5
    assert front("s3").delete_object(Bucket=bucket, Key="head")["ResponseMetadata"]["HTTPStatusCode"] == 204


def test_errors_keep_status_and_code(front: Client) -> None:
    with pytest.raises(ClientError) as missing:
        front("s3").get_object(Bucket="nobodys", Key="x")
    assert missing.value.response["Error"]["Code"] == "NoSuchBucket"
    assert missing.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_json_and_query_protocols_pass(front: Client, aws: Aws) -> None:
    front("kinesis").create_stream(StreamName="through", ShardCount=1)
    assert "through" in aws("kinesis").list_streams()["StreamNames"]
    assert front("sts").get_caller_identity()["Account"] == "000000000000"


def test_glue_is_not_forwarded(front: Client, aws: Aws) -> None:
    front("glue").create_database(DatabaseInput={"Name": "in_front"})
    assert [each["Name"] for each in front("glue").get_databases()["DatabaseList"]] == ["in_front"]
    assert aws("glue").get_databases()["DatabaseList"] == []


def test_a_reset_does_not_reach_the_upstream(front: Client, aws: Aws, bucket: str) -> None:
    glue = front("glue")
    glue.create_database(DatabaseInput={"Name": "gone"})
    reset = urllib.request.Request(f"{glue.meta.endpoint_url}/moto-api/reset", method="POST")
    urllib.request.urlopen(reset).close()
    assert glue.get_databases()["DatabaseList"] == []
    assert [each["Name"] for each in aws("s3").list_buckets()["Buckets"]] == [bucket]


@pytest.mark.parametrize(
    ("service", "operation"),
    [("kinesis", "list_streams"), ("s3", "list_buckets"), ("sts", "get_caller_identity"), ("lambda", "list_functions")],
)
def test_a_dead_upstream_is_named_in_every_protocol(orphan: Client, service: str, operation: str) -> None:
    with pytest.raises(ClientError, match="The upstream http://localhost:9 does not respond") as refused:
        getattr(orphan(service), operation)()
    assert refused.value.response["Error"]["Code"] == "ServiceUnavailable"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503


def test_glue_answers_without_its_upstream(orphan: Client) -> None:
    assert orphan("glue").get_databases()["DatabaseList"] == []


def test_requests_forwarded_by_an_upstream_are_not_returned_to_it(front: Client) -> None:
    client = front("sns")

    def mark(request: Any, **_: Any) -> None:
        request.headers["X-Glue-Local-Forwarded"] = "yes"

    client.meta.events.register("before-send.sns", mark)
    with pytest.raises(ClientError, match="does not emulate sns") as refused:
        client.list_topics()
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


_WITHOUT_MOTO = """
import sys
from pathlib import Path
from glue_local.server import Server
from glue_local.settings import Settings
with Server(Settings(port=0, data_dir=Path(sys.argv[1]), children=(), upstream="http://localhost:9")):
    assert "moto" not in sys.modules
"""


def test_moto_is_not_imported(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", _WITHOUT_MOTO, str(tmp_path)], check=True)
