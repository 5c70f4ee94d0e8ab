"""A real delivery process: from streams and puts to S3, killed or not, with nothing lost."""

import base64
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from glue_local.server import Server
from tests.e2e.stack import wait_until

ROLE = "arn:aws:iam::000000000000:role/delivery"


@pytest.fixture
def process(endpoint: Server) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    """Start delivery processes; they end with the test."""
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
    """Create a delivery stream (and its bucket) of a test's own; returns the name of both."""

    def stream(kinesis: bool = False, bucket: bool = True, **destination: Any) -> str:
        name = request.node.name.replace("_", "-").replace("[", "-").replace("]", "")[:40]
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


def lines(aws: Any, bucket: str) -> list[int]:
    return [json.loads(line) for body in objects(aws, bucket).values() for line in body.splitlines()]


def test_direct_puts_are_delivered(aws: Any, stream: Any, process: Any) -> None:
    name = stream(Prefix="raw/")
    firehose = aws("firehose")
    firehose.put_record(DeliveryStreamName=name, Record={"Data": b"1\n"})
    answer = firehose.put_record_batch(DeliveryStreamName=name, Records=[{"Data": b"2\n"}, {"Data": b"3\n"}])
    assert answer["FailedPutCount"] == 0
    assert len({one["RecordId"] for one in answer["RequestResponses"]}) == 2
    process()
    wait_until(lambda: sorted(lines(aws, name)) == [1, 2, 3], 10, "three records")
    assert all(key.startswith("raw/20") for key in objects(aws, name))


def test_nothing_is_lost_while_the_bucket_is_missing(aws: Any, stream: Any, process: Any) -> None:
    name = stream(bucket=False)
    aws("firehose").put_record(DeliveryStreamName=name, Record={"Data": b"7"})
    process()
    time.sleep(2)
    aws("s3").create_bucket(Bucket=name)
    wait_until(lambda: lines(aws, name) == [7], 15, "the record")


def test_status_tells_of_a_troubled_stream_until_it_is_over(
    endpoint: Server, aws: Any, stream: Any, process: Any
) -> None:
    def told(*options: str) -> str:
        command = [sys.executable, "-m", "glue_local.cli", "status", "--data-dir", str(endpoint.settings.data_dir)]
        return subprocess.run([*command, *options], capture_output=True, text=True, check=True).stdout

    def troubles() -> dict[str, str]:
        return dict(json.loads(told("--json"))["troubled"])

    name = stream(bucket=False)
    aws("firehose").put_record(DeliveryStreamName=name, Record={"Data": b"7"})
    first = process()
    wait_until(lambda: "NoSuchBucket" in troubles().get(name, ""), 15, "the trouble")
    assert f"delivery stream {name} is in trouble, and tried again every second: An error occurred" in told()
    # Whoever is next finds the trouble of the one before, and that it is over.
    first.kill()
    first.wait()
    aws("s3").create_bucket(Bucket=name)
    process()
    wait_until(lambda: name not in troubles(), 15, "the end of the trouble")
    assert lines(aws, name) == [7]
    assert "is in trouble" not in told()


def test_a_deleted_stream_is_delivered_no_more(aws: Any, stream: Any, process: Any) -> None:
    name = stream()
    process()
    aws("firehose").put_record(DeliveryStreamName=name, Record={"Data": b"1"})
    wait_until(lambda: lines(aws, name) == [1], 10, "the record")
    aws("firehose").delete_delivery_stream(DeliveryStreamName=name)
    with pytest.raises(aws("firehose").exceptions.ResourceNotFoundException):
        aws("firehose").put_record(DeliveryStreamName=name, Record={"Data": b"2"})


def test_a_stream_made_again_under_its_name_is_read_from_its_beginning(aws: Any, stream: Any, process: Any) -> None:
    name = stream(kinesis=True)
    kinesis = aws("kinesis")
    delivery = process()
    kinesis.put_record(StreamName=name, Data=b"1\n", PartitionKey="a")
    wait_until(lambda: lines(aws, name) == [1], 15, "the first record")
    delivery.kill()
    delivery.wait()
    kinesis.delete_stream(StreamName=name)
    wait_until(lambda: name not in kinesis.list_streams()["StreamNames"], 10, "the stream to be gone")
    time.sleep(1.1)  # streams are told apart by the second of their creation
    kinesis.create_stream(StreamName=name, ShardCount=1)
    kinesis.put_record(StreamName=name, Data=b"2\n", PartitionKey="a")
    process()
    wait_until(lambda: sorted(lines(aws, name)) == [1, 2], 15, "the record of the second stream")


def test_json_becomes_parquet_by_a_table_and_what_does_not_fit_is_kept(aws: Any, stream: Any, process: Any) -> None:
    glue = aws("glue")
    glue.create_database(DatabaseInput={"Name": "typed"})
    columns = [
        {"Name": "id", "Type": "bigint"},
        {"Name": "speed", "Type": "double"},
        {"Name": "lanes", "Type": "array<string>"},
    ]
    glue.create_table(DatabaseName="typed", TableInput={"Name": "t", "StorageDescriptor": {"Columns": columns}})
    name = stream(
        Prefix="data/",
        ErrorOutputPrefix="errors/!{firehose:error-output-type}/",
        BufferingHints={"SizeInMBs": 64, "IntervalInSeconds": 0},
        DataFormatConversionConfiguration={
            "SchemaConfiguration": {"DatabaseName": "typed", "TableName": "t", "RoleARN": ROLE},
            "InputFormatConfiguration": {"Deserializer": {"OpenXJsonSerDe": {}}},
            "OutputFormatConfiguration": {"Serializer": {"ParquetSerDe": {}}},
        },
    )
    good = b'{"ID": "7", "speed": 98.5, "lanes": ["R10"], "more": 1}'
    records = [{"Data": data} for data in (good, b'{"id": "seven"}', b"no json")]
    aws("firehose").put_record_batch(DeliveryStreamName=name, Records=records)
    process()
    found = wait_until(lambda: objects(aws, name) if len(objects(aws, name)) == 2 else None, 15, "two objects")
    data, errors = (next(body for key, body in found.items() if key.startswith(p)) for p in ("data/", "errors/format"))
    assert pq.read_table(pa.BufferReader(data)).to_pylist() == [{"id": 7, "speed": 98.5, "lanes": ["R10"]}]
    kept = [json.loads(line) for line in errors.splitlines()]
    assert [base64.b64decode(one["rawData"]) for one in kept] == [b'{"id": "seven"}', b"no json"]
    assert [(one["lastErrorCode"], one["lastErrorMessage"]) for one in kept] == [
        ("DataFormatConversion.MalformedData", "Data does not match the schema. id: 'seven' is no int64"),
        ("DataFormatConversion.ParseError", "Encountered malformed JSON. Expecting value: line 1 column 1 (char 0)"),
    ]
    # https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion-error-handling.html
    assert list(kept[0]) == [
        *("attemptsMade", "arrivalTimestamp", "lastErrorCode", "lastErrorMessage", "attemptEndingTimestamp", "rawData"),
        *("sequenceNumber", "subSequenceNumber", "dataCatalogTable"),
    ]
    assert kept[0]["attemptEndingTimestamp"] >= kept[0]["arrivalTimestamp"] > 1_700_000_000_000
    assert kept[0]["dataCatalogTable"] == {
        "catalogId": "000000000000",
        "databaseName": "typed",
        "tableName": "t",
        "region": "us-east-1",
        "versionId": "LATEST",
        "catalogArn": "arn:aws:glue:us-east-1:000000000000:catalog",
    }
    assert next(key for key in found if key.startswith("data/")).endswith(".parquet")


def test_killed_at_random_moments_nothing_is_lost(aws: Any, stream: Any, process: Any) -> None:
    name = stream(kinesis=True, CompressionFormat="UNCOMPRESSED")
    kinesis, chance = aws("kinesis"), random.Random(5)
    delivery = process()
    published: list[int] = []
    for _ in range(12):
        batch = list(range(len(published), len(published) + 200))
        records = [{"Data": b"%d\n" % number, "PartitionKey": str(number)} for number in batch]
        assert kinesis.put_records(StreamName=name, Records=records)["FailedRecordCount"] == 0
        published += batch
        time.sleep(chance.uniform(0.0, 0.4))
        if chance.random() < 0.4:
            delivery.kill()
            delivery.wait()
            delivery = process()
    wait_until(lambda: set(lines(aws, name)) == set(published), 20, "every record at least once")
