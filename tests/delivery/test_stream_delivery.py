"""Records put through boto3, processed by delivery streams and read back from S3."""

import base64
import gzip
import json
import random
import time
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from aws_kinesis_agg.aggregator import RecordAggregator

from tests.delivery.conftest import ROLE, objects
from tests.e2e.stack import wait_until

HINTS = {"SizeInMBs": 64, "IntervalInSeconds": 1}
ERRORS = "errors/!{firehose:error-output-type}/"


def processor(kind: str, **parameters: str) -> dict[str, Any]:
    given = [{"ParameterName": name, "ParameterValue": value} for name, value in parameters.items()]
    return {"Type": kind, "Parameters": given}


def processing(*processors: dict[str, Any]) -> dict[str, Any]:
    return {"ProcessingConfiguration": {"Enabled": True, "Processors": list(processors)}}


def partitioned(query: str, prefix: str, *others: dict[str, Any], retry: int = 300) -> dict[str, Any]:
    extraction = processor("MetadataExtraction", MetadataExtractionQuery=query, JsonParsingEngine="JQ-1.6")
    return {
        "Prefix": prefix,
        "ErrorOutputPrefix": ERRORS,
        "BufferingHints": HINTS,
        "DynamicPartitioningConfiguration": {"Enabled": True, "RetryOptions": {"DurationInSeconds": retry}},
        **processing(extraction, *others),
    }


def put(aws: Any, name: str, *records: bytes) -> None:
    batch = [{"Data": record} for record in records]
    assert aws("firehose").put_record_batch(DeliveryStreamName=name, Records=batch)["FailedPutCount"] == 0


def folders(aws: Any, name: str, count: int) -> dict[str, bytes]:
    """Wait for the expected number of objects and return a bucket's contents by folder."""
    found = wait_until(lambda: objects(aws, name) if len(objects(aws, name)) >= count else None, 30, f"{count} objects")
    assert len(found) == count, list(found)
    return {key.rpartition("/")[0]: content for key, content in found.items()}


def errors(found: dict[str, bytes], kind: str) -> list[tuple[str, str, bytes]]:
    """Return the codes, messages and records below an error prefix."""
    (content,) = (content for folder, content in found.items() if folder.startswith(f"errors/{kind}/20"))
    lines = [json.loads(line) for line in content.splitlines()]
    assert all(line["attemptEndingTimestamp"] >= line["arrivalTimestamp"] > 1_700_000_000_000 for line in lines)
    return [(line["errorCode"], line["errorMessage"], base64.b64decode(line["rawData"])) for line in lines]


def test_aggregated_records_from_kinesis_are_deaggregated(aws: Any, stream: Any, process: Any) -> None:
    name = stream(kinesis=True, BufferingHints=HINTS, **processing(processor("AppendDelimiterToRecord")))
    aggregator = RecordAggregator()
    for number in range(3):
        aggregator.add_user_record("key", b"%d" % number)
    _, _, aggregated = aggregator.clear_and_get().get_contents()
    records = [{"Data": bytes(aggregated), "PartitionKey": "a"}, {"Data": b"alone", "PartitionKey": "a"}]
    aws("kinesis").put_records(StreamName=name, Records=records)
    process()
    (content,) = folders(aws, name, 1).values()
    assert content == b"0\n1\n2\nalone\n"


def test_aggregated_records_from_direct_puts_are_delivered_unchanged(aws: Any, stream: Any, process: Any) -> None:
    name = stream()
    aggregator = RecordAggregator()
    aggregator.add_user_record("key", b"1")
    _, _, aggregated = aggregator.clear_and_get().get_contents()
    put(aws, name, bytes(aggregated))
    process()
    assert list(folders(aws, name, 1).values()) == [bytes(aggregated)]


def test_records_go_to_the_partitions_of_their_keys(aws: Any, stream: Any, process: Any) -> None:
    query = '{customer:.customer, year:(.at|strftime("%Y"))}'
    prefix = "customer=!{partitionKeyFromQuery:customer}/year=!{partitionKeyFromQuery:year}/"
    name = stream(**partitioned(query, prefix, processor("AppendDelimiterToRecord")))
    records = [
        b'{"customer": "a", "at": 1565382027}',
        b'{"customer": 7, "at": 1565382027}',
        b'{"customer": "a", "at": 1565382028}',
        b'{"customer": null, "at": 1565382028}',
        b"no json",
    ]
    put(aws, name, *records)
    process()
    found = folders(aws, name, 3)
    # As on AWS, no time folders are appended to a prefix with partition keys.
    assert found["customer=a/year=2019"] == records[0] + b"\n" + records[2] + b"\n"
    assert found["customer=7/year=2019"] == records[1] + b"\n"
    code = "DynamicPartitioning.MetadataExtractionFailed"
    assert errors(found, "metadata-extraction-failed") == [
        (code, "partitionKeys values must not be null or empty", records[3]),
        (code, "Non JSON record provided", records[4]),
    ]


def test_documents_of_one_record_go_to_different_partitions(aws: Any, stream: Any, process: Any) -> None:
    others = (processor("RecordDeAggregation", SubRecordType="JSON"), processor("AppendDelimiterToRecord"))
    name = stream(**partitioned("{k:.k}", "!{partitionKeyFromQuery:k}/", *others), CompressionFormat="GZIP")
    put(aws, name, b'{"k": "a", "n": 1}{"k": "b", "n": 2}\n{"k": "a", "n": 3}')
    process()
    found = {folder: gzip.decompress(content) for folder, content in folders(aws, name, 2).items()}
    assert found == {"a": b'{"k": "a", "n": 1}\n{"k": "a", "n": 3}\n', "b": b'{"k": "b", "n": 2}\n'}


def test_parts_between_delimiters_are_records(aws: Any, stream: Any, process: Any) -> None:
    split = processor("RecordDeAggregation", SubRecordType="DELIMITED", Delimiter="IyMjIw==")
    name = stream(BufferingHints=HINTS, **processing(split, processor("AppendDelimiterToRecord", Delimiter="|")))
    put(aws, name, b"a####b")
    process()
    assert list(folders(aws, name, 1).values()) == [b"a|b|"]


def test_partitions_above_the_limit_are_errors(aws: Any, stream: Any, process: Any) -> None:
    name = stream(**partitioned("{k:.k}", "k=!{partitionKeyFromQuery:k}/"))
    records = [b'{"k": %d}' % number for number in range(502)]
    put(aws, name, *records[:400])
    put(aws, name, *records[400:])
    process()
    found = wait_until(lambda: objects(aws, name) if len(objects(aws, name)) == 501 else None, 60, "501 objects")
    kept = errors({key.rpartition("/")[0]: content for key, content in found.items()}, "activePartitionExceeded")
    assert [(code, raw) for code, _, raw in kept] == [
        ("DynamicPartitioning.ActivePartitionsLimitExceeded", record) for record in records[500:]
    ]


def test_records_of_a_partition_that_s3_refuses_are_errors_after_the_retries(
    aws: Any, stream: Any, process: Any
) -> None:
    name = stream(**partitioned("{k:.k}", "!{partitionKeyFromQuery:k}/", retry=1))
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{name}/denied/*"}
    aws("s3").put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
    put(aws, name, b'{"k": "denied"}', b'{"k": "open"}')
    process()
    found = folders(aws, name, 2)
    assert found["open"] == b'{"k": "open"}'
    ((code, _, raw),) = errors(found, "processing-failed")
    assert (code.partition(".")[0], raw) == ("S3", b'{"k": "denied"}')


LOGS = {
    "messageType": "DATA_MESSAGE",
    "owner": "111111111111",
    "logGroup": "g",
    "logStream": "s",
    "subscriptionFilters": ["f"],
    "logEvents": [{"id": "1", "timestamp": 1, "message": '{"n": 1}'}, {"id": "2", "timestamp": 2, "message": "two"}],
}
DECOMPRESSION = processor("Decompression", CompressionFormat="GZIP")
EXTRACTION = processor("CloudWatchLogProcessing", DataMessageExtraction="true")


def test_records_of_cloudwatch_logs_are_decompressed(aws: Any, stream: Any, process: Any) -> None:
    name = stream(BufferingHints=HINTS, ErrorOutputPrefix=ERRORS, **processing(DECOMPRESSION))
    put(aws, name, gzip.compress(json.dumps(LOGS).encode()), b"plain")
    process()
    found = folders(aws, name, 2)
    ((code, _, raw),) = errors(found, "decompression-failed")
    assert (code, raw) == ("Decompression.Failed", b"plain")
    assert [json.loads(body) for folder, body in found.items() if not folder.startswith("errors/")] == [LOGS]


def test_messages_of_cloudwatch_logs_are_records(aws: Any, stream: Any, process: Any) -> None:
    steps = processing(DECOMPRESSION, EXTRACTION, processor("AppendDelimiterToRecord"))
    name = stream(BufferingHints=HINTS, **steps)
    put(aws, name, gzip.compress(json.dumps(LOGS).encode()))
    process()
    assert list(folders(aws, name, 1).values()) == [b'{"n": 1}\ntwo\n']


def test_an_error_after_decompression_has_the_original_record(aws: Any, stream: Any, process: Any) -> None:
    name = stream(**partitioned("{owner:.owner}", "!{partitionKeyFromQuery:owner}/", DECOMPRESSION))
    control = gzip.compress(json.dumps({**LOGS, "messageType": "CONTROL_MESSAGE", "owner": ""}).encode())
    put(aws, name, control, gzip.compress(json.dumps(LOGS).encode()))
    process()
    found = folders(aws, name, 2)
    assert json.loads(found["111111111111"]) == LOGS
    assert [raw for _, _, raw in errors(found, "metadata-extraction-failed")] == [control]


def test_partitions_are_converted_to_parquet(aws: Any, stream: Any, process: Any) -> None:
    glue = aws("glue")
    glue.create_database(DatabaseInput={"Name": "partitioned"})
    columns = [{"Name": "k", "Type": "string"}, {"Name": "n", "Type": "int"}]
    glue.create_table(DatabaseName="partitioned", TableInput={"Name": "t", "StorageDescriptor": {"Columns": columns}})
    conversion = {
        "SchemaConfiguration": {"DatabaseName": "partitioned", "TableName": "t", "RoleARN": ROLE},
        "InputFormatConfiguration": {"Deserializer": {"OpenXJsonSerDe": {}}},
        "OutputFormatConfiguration": {"Serializer": {"ParquetSerDe": {}}},
    }
    options = partitioned("{k:.k}", "k=!{partitionKeyFromQuery:k}/")
    name = stream(**options, DataFormatConversionConfiguration=conversion)
    put(aws, name, b'{"k": "a", "n": 1}', b'{"k": "b", "n": 2}', b'{"k": "a", "n": 3}')
    process()
    found = {
        folder: pq.ParquetFile(pa.BufferReader(body)).read().to_pylist()
        for folder, body in folders(aws, name, 2).items()
    }
    assert found == {"k=a": [{"k": "a", "n": 1}, {"k": "a", "n": 3}], "k=b": [{"k": "b", "n": 2}]}


def test_no_partition_loses_records_when_the_process_is_killed(aws: Any, stream: Any, process: Any) -> None:
    options = partitioned("{k:.k}", "!{partitionKeyFromQuery:k}/", processor("AppendDelimiterToRecord"))
    name, chance = stream(kinesis=True, **options), random.Random(7)
    delivery, published = process(), 0
    for _ in range(6):
        batch = [b'{"k": %d, "n": %d}' % (number % 5, number) for number in range(published, published + 100)]
        records = [{"Data": data, "PartitionKey": str(place)} for place, data in enumerate(batch)]
        assert aws("kinesis").put_records(StreamName=name, Records=records)["FailedRecordCount"] == 0
        published += len(batch)
        time.sleep(chance.uniform(0.2, 1.2))
        delivery.kill()
        delivery.wait()
        delivery = process()

    def delivered() -> set[int]:
        return {json.loads(line)["n"] for content in objects(aws, name).values() for line in content.splitlines()}

    wait_until(lambda: delivered() == set(range(published)), 30, "every record at least once")
    for key, content in objects(aws, name).items():
        assert {str(json.loads(line)["k"]) for line in content.splitlines()} == {key.partition("/")[0]}


def test_a_split_shards_children_are_read(aws: Any, stream: Any, process: Any) -> None:
    name = stream(kinesis=True, BufferingHints=HINTS)
    kinesis = aws("kinesis")
    kinesis.put_record(StreamName=name, Data=b"before", PartitionKey="a")
    process()
    folders(aws, name, 1)
    shard = kinesis.list_shards(StreamName=name)["Shards"][0]
    middle = int(shard["HashKeyRange"]["EndingHashKey"]) // 2
    kinesis.split_shard(StreamName=name, ShardToSplit=shard["ShardId"], NewStartingHashKey=str(middle))
    for number in range(8):
        kinesis.put_record(StreamName=name, Data=b"%d" % number, PartitionKey=str(number))
    wait_until(lambda: len(b"".join(objects(aws, name).values())) == len(b"before01234567"), 60, "every record")
