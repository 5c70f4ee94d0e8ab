"""Delivery processes, delivery streams, and buckets with their objects."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from glue_local.server import Server

ROLE = "arn:aws:iam::000000000000:role/delivery"


@pytest.fixture
def process(endpoint: Server) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    """Start delivery processes, which are stopped after the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> "subprocess.Popen[bytes]":
        environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": endpoint.endpoint,
            "GLUE_LOCAL_ENDPOINT": endpoint.endpoint,
            "GLUE_LOCAL_TOKEN": endpoint.private.bearer,
        }
        command = [sys.executable, "-m", "glue_local.delivery"]
        started.append(subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL))
        return started[-1]

    yield start
    for one in started:
        assert one.stdin
        one.stdin.close()
        one.wait(10)


@pytest.fixture
def stream(aws: Any, request: pytest.FixtureRequest) -> Callable[..., str]:
    """Create a delivery stream and a bucket with the name of the test; return that name."""

    def stream(kinesis: bool = False, bucket: bool = True, **destination: Any) -> str:
        name = request.node.name.replace("_", "-").replace("[", "-").replace("]", "")[-40:].strip("-").lower()
        if bucket:
            aws("s3").create_bucket(Bucket=name)
        source: dict[str, Any] = {"DeliveryStreamType": "DirectPut"}
        if kinesis:
            aws("kinesis").create_stream(StreamName=name, ShardCount=2)
            arn = f"arn:aws:kinesis:us-east-1:000000000000:stream/{name}"
            source = {
                "DeliveryStreamType": "KinesisStreamAsSource",
                "KinesisStreamSourceConfiguration": {"KinesisStreamARN": arn, "RoleARN": ROLE},
            }
        configuration = {
            "RoleARN": ROLE,
            "BucketARN": f"arn:aws:s3:::{name}",
            "BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 0},
            **destination,
        }
        aws("firehose").create_delivery_stream(
            DeliveryStreamName=name, ExtendedS3DestinationConfiguration=configuration, **source
        )
        return name

    return stream


def objects(aws: Any, bucket: str) -> dict[str, bytes]:
    s3 = aws("s3")
    found = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    return {item["Key"]: s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read() for item in found}
