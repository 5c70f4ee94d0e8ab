"""Kinesis streams with forEachBatch and checkpoints on S3."""

import json
import sys
import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from pyspark.sql import DataFrame

from awsglue.context import GlueContext
from awsglue.streaming.queries import consumers_of

Put = Callable[..., None]


class Enough(Exception):
    """Ends forEachBatch when the test has seen enough."""


@pytest.fixture
def stream(aws: Any, aws_environment: None) -> str:
    name = f"events-{uuid.uuid4().hex[:8]}"
    aws("kinesis").create_stream(StreamName=name, ShardCount=2)
    return name


@pytest.fixture
def put(aws: Any, stream: str) -> Put:
    def put(*documents: Any) -> None:
        records = [
            {"Data": (one if isinstance(one, str) else json.dumps(one)).encode(), "PartitionKey": str(place)}
            for place, one in enumerate(documents)
        ]
        assert aws("kinesis").put_records(StreamName=stream, Records=records)["FailedRecordCount"] == 0

    return put


@pytest.fixture(autouse=True)
def forget(glue_context: GlueContext) -> Any:
    """Forget the consumers of earlier runs, as a new process would."""

    def forget() -> None:
        for consumer in consumers_of(glue_context.spark_session):
            consumer.stop()
        consumers_of(glue_context.spark_session).clear()

    yield forget
    forget()


@pytest.fixture
def start(glue_context: GlueContext, stream: str, bucket: Any) -> Any:
    def start(function: Callable[[DataFrame, int], Any], retries: int = 0, **options: Any) -> None:
        given = {
            "streamName": stream,
            "classification": "json",
            "inferSchema": "true",
            "startingPosition": "TRIM_HORIZON",
        }
        frame = glue_context.create_data_frame.from_options("kinesis", {**given, **options})
        windows = {"windowSize": "1 second", "checkpointLocation": bucket.path("checkpoint/")}
        glue_context.forEachBatch(frame, function, {**windows, "batchMaxRetries": retries})

    return start


class Seen:
    """Collects records until there are enough."""

    def __init__(self, wanted: int) -> None:
        self.rows: list[dict[str, Any]] = []
        self._wanted = wanted

    def __call__(self, batch: DataFrame, batch_id: int) -> None:
        self.rows += [row.asDict() for row in batch.collect()]
        if len(self.rows) >= self._wanted:
            raise Enough(f"{len(self.rows)} records")

    @property
    def numbers(self) -> list[int]:
        """Return the numbers in the records, in order."""
        return sorted(row["n"] for row in self.rows)


def test_every_record_of_every_shard_is_processed(start: Any, put: Put, bucket: Any) -> None:
    put(*({"n": n, "road": "R1"} for n in range(20)))
    seen = Seen(20)
    with pytest.raises(Exception, match="20 records"):
        start(seen)
    assert seen.numbers == list(range(20))
    assert any(key.startswith("checkpoint/offsets/") for key in bucket.keys("checkpoint/"))


def test_the_next_run_repeats_a_batch_that_did_not_finish(start: Any, put: Put, forget: Any) -> None:
    put({"n": 1})
    good = Seen(10)

    def second_batch_dies(batch: DataFrame, batch_id: int) -> None:
        good(batch, batch_id)
        put({"n": 2}, {"n": 3})
        if len(good.rows) > 1:
            raise Enough("killed")

    with pytest.raises(Exception, match="killed"):
        start(second_batch_dies)
    assert set(good.numbers) >= {1, 2, 3}
    forget()
    put({"n": 4})
    again: list[int] = []

    def all_but_the_first(batch: DataFrame, batch_id: int) -> None:
        again.extend(row["n"] for row in batch.collect())
        if 4 in again:
            raise Enough("seen")

    with pytest.raises(Exception, match="seen"):
        start(all_but_the_first)
    assert {2, 3, 4} <= set(again), "the uncommitted batch is repeated"
    assert 1 not in again, "the committed batch is not repeated"


def test_sys_exit_in_the_function_ends_the_script(start: Any, put: Put) -> None:
    put({"n": 0})
    with pytest.raises(SystemExit, match="7"):
        start(lambda batch, batch_id: sys.exit(7), retries=3)


def test_latest_means_the_time_of_the_first_start(start: Any, put: Put, forget: Any, glue_context: GlueContext) -> None:
    put({"n": 0})

    def put_then_stop(batch: DataFrame, batch_id: int) -> None:
        raise Enough(str(sorted(row["n"] for row in batch.collect())))

    def stop() -> None:
        consumers_of(glue_context.spark_session)[0].error = Enough("stopped before anything came")

    threading.Timer(4, stop).start()
    with pytest.raises(Enough):
        start(put_then_stop, startingPosition="latest")
    forget()
    put({"n": 1})
    with pytest.raises(Exception, match=r"\[1\]"):
        start(put_then_stop, startingPosition="latest")


def test_a_batch_is_retried_before_the_run_fails(start: Any, put: Put) -> None:
    put({"n": 1})
    tries: list[int] = []

    def fails(batch: DataFrame, batch_id: int) -> None:
        tries.append(batch_id)
        raise Enough("no")

    with pytest.raises(Exception, match="no"):
        start(fails, retries=1)
    assert tries == [0, 0]


@pytest.mark.parametrize("classification", ["json", "csv"])
def test_records_are_parsed_by_schema_and_have_arrival_times(start: Any, put: Put, classification: str) -> None:
    put(*(['{"n": 7, "road": "R1"}'] if classification == "json" else ["7;R1"]))
    options = {"inferSchema": "false", "schema": "n INT, road STRING", "delimiter": ";", "addRecordTimestamp": "true"}
    seen = Seen(1)
    with pytest.raises(Exception, match="1 records"):
        start(seen, classification=classification, **options)
    ((n, road, arrived),) = [tuple(row.values()) for row in seen.rows]
    assert (n, road) == (7, "R1")
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    assert timedelta(0) <= now - arrived < timedelta(minutes=2)


def test_a_table_over_a_stream(glue: Any, glue_context: GlueContext, stream: str, put: Put, bucket: Any) -> None:
    parameters = {"typeOfData": "kinesis", "streamName": stream, "classification": "json"}
    columns = [{"Name": "n", "Type": "bigint"}, {"Name": "road", "Type": "string"}]
    table = {"Name": "events", "StorageDescriptor": {"Columns": columns, "Parameters": parameters}}
    glue.create_table(DatabaseName="db", TableInput=table)
    put({"n": 1, "road": "R1"})
    frame = glue_context.create_data_frame.from_catalog(
        database="db", table_name="events", additional_options={"startingPosition": "earliest"}
    )
    assert frame.isStreaming
    assert frame.columns == ["n", "road"]
    sample = glue_context.getSampleStreamingDynamicFrame(
        frame, {"windowSize": "1 second", "pollingTimeInMs": "20000", "recordPollingLimit": "1"}
    )
    assert [row.asDict() for row in sample.toDF().collect()] == [{"n": 1, "road": "R1"}]


def test_ingestion_time_columns(glue_context: GlueContext, frame: Any) -> None:
    dated = glue_context.add_ingestion_time_columns(frame('{"n": 1}').toDF(), "hour")
    assert dated.columns == ["n", "ingest_year", "ingest_month", "ingest_day", "ingest_hour"]
    year, month = dated.select("ingest_year", "ingest_month").first()
    assert f"{year}-{month}" == datetime.now(timezone.utc).strftime("%Y-%m")
    with pytest.raises(ValueError, match="week"):
        glue_context.add_ingestion_time_columns(dated, "week")


def test_wrong_calls_fail_as_in_glue(glue_context: GlueContext, stream: str) -> None:
    frame = glue_context.create_data_frame.from_options("kinesis", {"streamName": stream, "classification": "json"})
    for options, message in (
        ({}, "Missing windowSize argument"),
        ({"windowSize": "1 second"}, "Missing checkpointLocation argument"),
        ({"windowSize": "1 second", "checkpointLocation": "x", "batchMaxRetries": 101}, "between 0 and 100"),
    ):
        with pytest.raises(Exception, match=message):
            glue_context.forEachBatch(frame, lambda batch, batch_id: None, options)
    with pytest.raises(ValueError, match="shorter than pollingTimeInMs"):
        glue_context.getSampleStreamingDynamicFrame(frame, {"windowSize": "10 seconds"})
    read = glue_context.create_data_frame.from_options
    with pytest.raises(NotImplementedError, match="avro"):
        read("kinesis", {"streamName": stream, "classification": "avro"})
    with pytest.raises(ValueError, match="startingPosition"):
        read("kinesis", {"streamName": stream, "classification": "json", "startingPosition": "yesterday"})
    with pytest.raises(Exception, match="ResourceNotFoundException"):
        read("kinesis", {"streamName": "no-such-stream", "classification": "json"})
    with pytest.raises(NotImplementedError, match="kafka"):
        read("kafka", {})
