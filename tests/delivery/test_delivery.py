"""A real delivery process, killed or not, delivers streams and direct puts to S3 without loss."""

import base64
import json
import random
import subprocess
import sys
import time
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from glue_local.delivery.compression import compression as compression_of
from glue_local.server import Server
from tests.delivery.conftest import ROLE, objects
from tests.e2e.stack import wait_until


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


@pytest.mark.parametrize(
    ("compression", "suffix", "encoding"),
    [
        ("GZIP", ".gz", "gzip"),
        ("ZIP", ".zip", "zip"),
        ("Snappy", ".snappy", "snappy-java"),
        ("HADOOP_SNAPPY", ".snappy", "hadoop-snappy"),
    ],
)
def test_compressed_objects_name_their_compression(
    aws: Any, stream: Any, process: Any, compression: str, suffix: str, encoding: str
) -> None:
    name = stream(CompressionFormat=compression)
    aws("firehose").put_record(DeliveryStreamName=name, Record={"Data": b"1\n"})
    process()
    ((key, content),) = wait_until(lambda: objects(aws, name), 10, "the object").items()
    assert key.endswith(suffix)
    assert aws("s3").head_object(Bucket=name, Key=key)["ContentEncoding"] == encoding
    assert content == compression_of(compression).pack(b"1\n")


def test_nothing_is_lost_while_the_bucket_is_missing(aws: Any, stream: Any, process: Any) -> None:
    name = stream(bucket=False)
    aws("firehose").put_record(DeliveryStreamName=name, Record={"Data": b"7"})
    process()
    time.sleep(2)
    aws("s3").create_bucket(Bucket=name)
    wait_until(lambda: lines(aws, name) == [7], 15, "the record")


def test_status_shows_the_problem_of_a_stream_until_it_is_solved(
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
    assert f"delivery stream {name} fails and is retried every second: An error occurred" in told()
    # The next process finds the problem of the first one, and clears it.
    first.kill()
    first.wait()
    aws("s3").create_bucket(Bucket=name)
    process()
    wait_until(lambda: name not in troubles(), 15, "the end of the trouble")
    assert lines(aws, name) == [7]
    assert "is retried every second" not in told()


def test_a_deleted_stream_is_no_longer_delivered(aws: Any, stream: Any, process: Any) -> None:
    name = stream()
    process()
    aws("firehose").put_record(DeliveryStreamName=name, Record={"Data": b"1"})
    wait_until(lambda: lines(aws, name) == [1], 10, "the record")
    aws("firehose").delete_delivery_stream(DeliveryStreamName=name)
    with pytest.raises(aws("firehose").exceptions.ResourceNotFoundException):
        aws("firehose").put_record(DeliveryStreamName=name, Record={"Data": b"2"})


def test_a_recreated_kinesis_stream_is_read_from_its_beginning(aws: Any, stream: Any, process: Any) -> None:
    name = stream(kinesis=True)
    kinesis = aws("kinesis")
    delivery = process()
    kinesis.put_record(StreamName=name, Data=b"1\n", PartitionKey="a")
    wait_until(lambda: lines(aws, name) == [1], 15, "the first record")
    delivery.kill()
    delivery.wait()
    kinesis.delete_stream(StreamName=name)
    wait_until(lambda: name not in kinesis.list_streams()["StreamNames"], 10, "the stream to be gone")
    time.sleep(1.1)  # streams are distinguished by the second of their creation
    kinesis.create_stream(StreamName=name, ShardCount=1)
    kinesis.put_record(StreamName=name, Data=b"2\n", PartitionKey="a")
    process()
    wait_until(lambda: sorted(lines(aws, name)) == [1, 2], 15, "the record of the second stream")


def test_json_becomes_parquet_and_invalid_records_are_kept(aws: Any, stream: Any, process: Any) -> None:
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
        ("DataFormatConversion.MalformedData", "Data does not match the schema. id: 'seven' is not of type int64"),
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


def test_nothing_is_lost_when_killed_at_random_moments(aws: Any, stream: Any, process: Any) -> None:
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
