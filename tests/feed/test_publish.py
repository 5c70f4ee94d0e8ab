import json
import threading
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

from glue_local.feed.event import Event, Minute
from glue_local.feed.publish import batches, paced, publish, publish_minutes, when_due


def events(number: int, padding: int = 0) -> list[Event]:
    return [{"unieke_id": str(at), "beschrijvende_id": "x" * padding} for at in range(number)]


class Kinesis:
    """A fake PutRecords: keys in ``refused`` fail that many times, and the first ``throttled`` calls fail."""

    def __init__(self, refused: dict[str, int] | None = None, throttled: int = 0, code: str = "") -> None:
        self.refused, self.throttled, self.code = refused or {}, throttled, code
        self.calls: list[list[str]] = []
        self.arrived: list[dict[str, Any]] = []
        self.lock = threading.Lock()

    def put_records(self, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:
        with self.lock:
            self.calls.append([record["PartitionKey"] for record in Records])
            if self.throttled:
                self.throttled -= 1
                raise ClientError({"Error": {"Code": self.code, "Message": "no"}}, "PutRecords")
            answers = [self._one(record) for record in Records]
        return {"FailedRecordCount": sum("ErrorCode" in answer for answer in answers), "Records": answers}

    def _one(self, record: dict[str, Any]) -> dict[str, str]:
        left = self.refused.get(record["PartitionKey"], 0)
        if left:
            self.refused[record["PartitionKey"]] = left - 1
            return {"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "Rate exceeded"}
        self.arrived.append(record)
        return {"SequenceNumber": "1", "ShardId": "shardId-000000000000"}


def test_each_event_becomes_one_record_in_full_batches() -> None:
    kinesis = Kinesis()
    outcome = publish(events(1201), kinesis, "s")
    assert sorted(map(len, kinesis.calls)) == [201, 500, 500]
    assert sorted(int(record["PartitionKey"]) for record in kinesis.arrived) == list(range(1201))
    assert all(json.loads(record["Data"])["unieke_id"] == record["PartitionKey"] for record in kinesis.arrived)
    assert (outcome.published, outcome.retried, outcome.failed, outcome.ok) == (1201, 0, 0, True)


def test_batches_keep_the_byte_limit() -> None:
    sizes = [
        (len(batch), sum(len(record["Data"]) + len(record["PartitionKey"]) for record in batch))
        for batch in batches(events(40, padding=400_000))
    ]
    assert sum(number for number, _ in sizes) == 40
    assert max(size for _, size in sizes) <= 5 * 1024 * 1024
    assert len(sizes) == 4


def test_only_failed_entries_are_retried_with_growing_pauses() -> None:
    kinesis, pauses = Kinesis(refused={"3": 2, "7": 1}), list[float]()
    outcome = publish(events(10), kinesis, "s", sleep=pauses.append)
    assert kinesis.calls[1:] == [["3", "7"], ["3"]]
    assert pauses == [0.1, 0.2]
    assert (outcome.published, outcome.retried, outcome.failed) == (10, 3, 0)


def test_records_that_keep_failing_are_counted_with_their_error_code() -> None:
    kinesis = Kinesis(refused={"3": 99})
    outcome = publish(events(10), kinesis, "s", attempts=4, sleep=lambda seconds: None)
    assert (outcome.published, outcome.retried, outcome.failed, outcome.ok) == (9, 3, 1, False)
    assert outcome.reasons == {"ProvisionedThroughputExceededException": 1}


def test_a_throttled_request_is_retried_as_a_whole() -> None:
    kinesis = Kinesis(throttled=1, code="ProvisionedThroughputExceededException")
    assert publish(events(5), kinesis, "s", sleep=lambda seconds: None).published == 5
    assert len(kinesis.calls) == 2


def test_a_missing_stream_raises_without_a_retry() -> None:
    kinesis = Kinesis(throttled=1, code="ResourceNotFoundException")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        publish(events(5), kinesis, "s")
    assert len(kinesis.calls) == 1


def minutes(number: int) -> list[Minute]:
    first = datetime(2026, 3, 2, 5, 46, 54, tzinfo=timezone.utc)
    return [Minute(first + timedelta(minutes=at), events(2)) for at in range(number)]


def test_minutes_are_paced_at_a_multiple_of_real_time() -> None:
    now, slept = [100.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    assert len(list(paced(minutes(3), 60, lambda: now[0], sleep))) == 3
    assert slept == pytest.approx([1.0, 1.0])
    slept.clear()
    list(paced(minutes(3), None, lambda: now[0], sleep))
    assert slept == []


def test_published_minutes_add_up_and_report_progress() -> None:
    kinesis, seen = Kinesis(), list[int]()
    assert publish_minutes(minutes(3), kinesis, "s", speed=1e9, progress=seen.append).published == 6
    assert publish_minutes(minutes(3), kinesis, "s", progress=seen.append).published == 6
    assert sum(seen) == 12


def test_a_minute_is_published_when_it_is_due_and_a_past_one_immediately() -> None:
    now = datetime(2026, 3, 2, 6, 0, tzinfo=timezone.utc)
    clock = [now]

    def sleep(seconds: float) -> None:
        clock[0] += timedelta(seconds=seconds)

    minutes = [Minute(now + timedelta(minutes=at), [], now) for at in (-2, -1, 1, 2)]
    seen = [clock[0] for _ in when_due(minutes, lambda: clock[0], sleep)]
    assert seen == [now, now, now + timedelta(minutes=1), now + timedelta(minutes=2)]
