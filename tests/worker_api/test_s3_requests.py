"""S3 requests of real clients are counted when they are answered."""

import json
import urllib.request
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from glue_local.server import Server


def client(endpoint: Server, application: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=endpoint.endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(user_agent_appid=application, s3={"addressing_style": "path"}),
    )


def counted(endpoint: Server, sender: str) -> dict[str, tuple[int, int, int]]:
    with urllib.request.urlopen(f"{endpoint.endpoint}/_glue_local/s3-requests") as response:
        totals = json.load(response)["S3Requests"]
    return {
        each["Kind"]: (each["Requests"], each["BytesWritten"], each["BytesRead"])
        for each in totals
        if each["Sender"] == sender
    }


def test_requests_are_counted_by_sender_and_kind_with_the_bytes_of_objects(endpoint: Server) -> None:
    s3, bucket = client(endpoint, "counted"), f"b{uuid4().hex}"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="a/b", Body=b"x" * 1000)
    s3.get_object(Bucket=bucket, Key="a/b")["Body"].read()
    s3.get_object(Bucket=bucket, Key="a/b", Range="bytes=0-9")["Body"].read()
    s3.head_object(Bucket=bucket, Key="a/b")
    s3.list_objects_v2(Bucket=bucket, Prefix="a/")
    s3.copy_object(Bucket=bucket, Key="c", CopySource={"Bucket": bucket, "Key": "a/b"})
    s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "a/b"}]})
    s3.delete_object(Bucket=bucket, Key="c")
    assert counted(endpoint, "counted") == {
        "PUT": (2, 1000, 0),
        "GET": (2, 0, 1010),
        "HEAD": (1, 0, 0),
        "LIST": (1, 0, 0),
        "COPY": (1, 0, 0),
        "DELETE": (2, 0, 0),
    }


def test_a_failed_request_counts_without_bytes(endpoint: Server) -> None:
    s3 = client(endpoint, "failing")
    with pytest.raises(ClientError, match="NoSuchBucket"):
        s3.get_object(Bucket=f"b{uuid4().hex}", Key="a")
    assert counted(endpoint, "failing") == {"GET": (1, 0, 0)}


def test_a_run_is_known_by_its_id(endpoint: Server) -> None:
    run = f"jr_{uuid4().hex}{uuid4().hex}"[:46]
    client(endpoint, run).list_buckets()
    assert counted(endpoint, run) == {"LIST": (1, 0, 0)}
