"""Publish events to a Kinesis stream: PutRecords in full batches, retries of failed entries, an optional pace."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from botocore.exceptions import ClientError

from glue_local.core.clock import Clock, system_clock
from glue_local.feed.event import Event, Minute, encode

# 500 records and 5 MiB per request, partition keys included:
# https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
BATCH_RECORDS = 500
BATCH_BYTES = 5 * 1024 * 1024

_RETRYABLE = (
    "ProvisionedThroughputExceededException",
    "InternalFailure",
    "ServiceUnavailable",
    "LimitExceededException",
)

Record = dict[str, Any]
Progress = Callable[[int], None]


@dataclass
class Outcome:
    """The result of publishing: published records, retried entries, failed records, and the failures' error codes."""

    published: int = 0
    retried: int = 0
    failed: int = 0
    seconds: float = 0.0
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def ok(self) -> bool:
        """Return whether every record was published."""
        return not self.failed


def publish(
    events: Iterable[Event],
    client: Any,
    stream: str,
    *,
    attempts: int = 8,
    in_flight: int = 2,
    sleep: Callable[[float], None] = time.sleep,
    progress: Progress = lambda published: None,
) -> Outcome:
    """Publish events to a stream, one record each with ``unieke_id`` as partition key, and return the Outcome.

    Only the entries that PutRecords reports as failed are retried, up to ``attempts`` times with growing pauses.
    Order within a partition key is not preserved: a retried entry follows later ones, and ``in_flight`` batches are
    sent concurrently. ``progress`` is called with the size of each completed batch.
    Raises ClientError if the stream does not exist or access is denied.
    """
    send = _Sender(client, stream, attempts, sleep)
    started = time.monotonic()
    outcome = Outcome()
    with ThreadPoolExecutor(in_flight) as pool:
        flying: set[Future[Outcome]] = set()
        for batch in batches(events):
            if len(flying) >= in_flight + 1:
                landed, flying = wait(flying, return_when=FIRST_COMPLETED)
                _add(outcome, landed, progress)
            flying.add(pool.submit(send, batch))
        _add(outcome, wait(flying).done, progress)
    outcome.seconds = time.monotonic() - started
    return outcome


def paced(
    minutes: Iterable[Minute],
    speed: float | None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Minute]:
    """Yield minutes by their publication times at ``speed`` times real time; None means as fast as possible.

    All events of a minute become due together, as in the real feed.
    """
    begun, first = clock(), None
    for minute in minutes:
        if speed and minute.published:
            first = first or minute.published
            ahead = (minute.published - first).total_seconds() / speed - (clock() - begun)
            if ahead > 0:
                sleep(ahead)
        yield minute


def when_due(
    minutes: Iterable[Minute], clock: Clock = system_clock, sleep: Callable[[float], None] = time.sleep
) -> Iterator[Minute]:
    """Yield each minute at its publication time; past minutes are yielded immediately."""
    for minute in minutes:
        if minute.published:
            sleep(max(0.0, (minute.published - clock()).total_seconds()))
        yield minute


def publish_minutes(
    minutes: Iterable[Minute], client: Any, stream: str, speed: float | None = None, **how: Any
) -> Outcome:
    """Publish the events of minutes at ``speed`` times real time; ``how`` holds options of ``publish``.

    With a speed, each minute is sent when it is due; without one, batches span minutes.
    """
    if speed is None:
        return publish(chain.from_iterable(minute.events for minute in minutes), client, stream, **how)
    whole = Outcome()
    for minute in paced(minutes, speed):
        _sum(whole, publish(minute.events, client, stream, **how))
    return whole


def batches(events: Iterable[Event]) -> Iterator[list[Record]]:
    """Yield the events as PutRecords entries, in batches within the limits of one request."""
    batch: list[Record] = []
    size = 0
    for event in events:
        record = {"Data": encode(event), "PartitionKey": event["unieke_id"]}
        bytes_ = len(record["Data"]) + len(event["unieke_id"].encode())
        if batch and (len(batch) == BATCH_RECORDS or size + bytes_ > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(record)
        size += bytes_
    if batch:
        yield batch


@dataclass(frozen=True)
class _Sender:
    client: Any
    stream: str
    attempts: int
    sleep: Callable[[float], None]

    def __call__(self, batch: list[Record]) -> Outcome:
        outcome = Outcome()
        left = batch
        for attempt in range(self.attempts):
            if attempt:
                outcome.retried += len(left)
                self.sleep(min(5.0, 0.1 * 2 ** (attempt - 1)))
            failed = self._put(left)
            outcome.published += len(left) - len(failed)
            left = [record for record, _ in failed]
            if not left:
                return outcome
        outcome.failed = len(left)
        outcome.reasons.update(code for _, code in failed)
        return outcome

    def _put(self, batch: list[Record]) -> list[tuple[Record, str]]:
        """Return the entries that failed, each with its error code."""
        try:
            reply = self.client.put_records(StreamName=self.stream, Records=batch)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code not in _RETRYABLE:
                raise
            return [(record, code) for record in batch]
        if not reply.get("FailedRecordCount"):
            return []
        results = zip(batch, reply["Records"], strict=True)
        return [(record, result["ErrorCode"]) for record, result in results if result.get("ErrorCode")]


def _add(outcome: Outcome, landed: Iterable[Future[Outcome]], progress: Progress) -> None:
    for future in landed:
        part = future.result()
        _sum(outcome, part)
        progress(part.published + part.failed)


def _sum(whole: Outcome, part: Outcome) -> None:
    whole.published += part.published
    whole.retried += part.retried
    whole.failed += part.failed
    whole.seconds += part.seconds
    whole.reasons.update(part.reasons)
