"""Kinesis on the endpoint: concurrent writers lose no records, and long shards are not slower."""

import json
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError


def _all(kinesis: Any, stream: str) -> list[dict[str, Any]]:
    shard = kinesis.describe_stream(StreamName=stream)["StreamDescription"]["Shards"][0]["ShardId"]
    token = kinesis.get_shard_iterator(StreamName=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")[
        "ShardIterator"
    ]
    found: list[dict[str, Any]] = []
    while True:
        reply = kinesis.get_records(ShardIterator=token, Limit=700)
        if not reply["Records"]:
            return found
        found += reply["Records"]
        token = reply["NextShardIterator"]


def test_records_of_concurrent_writers_all_arrive_once(aws: Callable[..., Any]) -> None:
    kinesis = aws("kinesis")
    kinesis.create_stream(StreamName="busy", ShardCount=1)

    def write(batch: int) -> None:
        entries = [{"Data": f"{batch}-{at}".encode(), "PartitionKey": str(at)} for at in range(100)]
        assert kinesis.put_records(StreamName="busy", Records=entries)["FailedRecordCount"] == 0

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(20)))
    found = _all(kinesis, "busy")
    assert {record["Data"].decode() for record in found} == {
        f"{batch}-{at}" for batch in range(20) for at in range(100)
    }
    numbers = [int(record["SequenceNumber"]) for record in found]
    assert numbers == sorted(set(numbers))


def test_reading_resumes_after_a_sequence_number(aws: Callable[..., Any]) -> None:
    kinesis = aws("kinesis")
    kinesis.create_stream(StreamName="resumed", ShardCount=1)
    numbers = [
        kinesis.put_record(StreamName="resumed", Data=str(at).encode(), PartitionKey="1")["SequenceNumber"]
        for at in range(5)
    ]
    token = kinesis.get_shard_iterator(
        StreamName="resumed",
        ShardId="shardId-000000000000",
        ShardIteratorType="AFTER_SEQUENCE_NUMBER",
        StartingSequenceNumber=numbers[2],
    )["ShardIterator"]
    assert [record["Data"] for record in kinesis.get_records(ShardIterator=token)["Records"]] == [b"3", b"4"]


def test_a_stream_is_read_by_its_arn_alone(aws: Callable[..., Any]) -> None:
    kinesis = aws("kinesis")
    kinesis.create_stream(StreamName="by-arn", ShardCount=1)
    described = kinesis.describe_stream(StreamName="by-arn")["StreamDescription"]
    arn, shard = described["StreamARN"], described["Shards"][0]["ShardId"]
    kinesis.put_record(StreamARN=arn, Data=b"one", PartitionKey="a")
    token = kinesis.get_shard_iterator(StreamARN=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    assert [record["Data"] for record in kinesis.get_records(ShardIterator=token)["Records"]] == [b"one"]


@pytest.mark.parametrize("iterator", ["foreign", "/w==", "YTpi", "YTpiOmM="])
def test_a_foreign_shard_iterator_is_refused(aws: Callable[..., Any], iterator: str) -> None:
    with pytest.raises(ClientError, match="InvalidArgumentException"):
        aws("kinesis").get_records(ShardIterator=iterator)


def test_a_provisioned_stream_needs_a_number_of_shards(aws: Callable[..., Any]) -> None:
    kinesis = aws("kinesis")
    for more in ({}, {"StreamModeDetails": {"StreamMode": "PROVISIONED"}}):
        with pytest.raises(ClientError, match="InvalidArgumentException"):
            kinesis.create_stream(StreamName="shardless", **more)
    kinesis.create_stream(StreamName="on-demand", StreamModeDetails={"StreamMode": "ON_DEMAND"})
    assert len(kinesis.list_shards(StreamName="on-demand")["Shards"]) == 4


def test_a_member_that_is_null_is_an_absent_one(endpoint: Any) -> None:
    headers = {
        "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host",
        "X-Amz-Target": "Kinesis_20131202.ListStreams",
        "Content-Type": "application/x-amz-json-1.1",
    }
    request = urllib.request.Request(endpoint.endpoint, b'{"Limit": null}', headers, method="POST")
    with urllib.request.urlopen(request) as response:
        assert "StreamNames" in json.load(response)


def test_a_consumer_is_deregistered_by_name(aws: Callable[..., Any]) -> None:
    kinesis = aws("kinesis")
    kinesis.create_stream(StreamName="consumed", ShardCount=1)
    arn = kinesis.describe_stream_summary(StreamName="consumed")["StreamDescriptionSummary"]["StreamARN"]
    for name in ("a", "b"):
        kinesis.register_stream_consumer(StreamARN=arn, ConsumerName=name)
    kinesis.deregister_stream_consumer(StreamARN=arn, ConsumerName="a")
    assert [each["ConsumerName"] for each in kinesis.list_stream_consumers(StreamARN=arn)["Consumers"]] == ["b"]
    for stream, consumer in ((arn, "a"), (arn.replace("consumed", "missing"), "b")):
        for operation in (kinesis.describe_stream_consumer, kinesis.deregister_stream_consumer):
            with pytest.raises(ClientError, match="ResourceNotFoundException"):
                operation(StreamARN=stream, ConsumerName=consumer)
