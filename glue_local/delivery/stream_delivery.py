"""The delivery of one stream: read, process, buffer, write to S3, then move the checkpoint."""

import threading
import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from glue_local.delivery.buffer import MIB, Arrival
from glue_local.delivery.log import say
from glue_local.delivery.objects import Objects
from glue_local.delivery.partitions import Partitions, Target
from glue_local.delivery.processing.errors import Failure, Unprocessable, error_line
from glue_local.delivery.processing.pipeline import Pipeline
from glue_local.delivery.progress import Progress
from glue_local.delivery.sources import Kinesis, Puts
from glue_local.delivery.streams_api import StreamsApi

ClientOf = Callable[[str, dict[str, Any]], Any]

# AWS's delivery streams read each shard once a second.
_SHORTEST, _LONGEST = 0.02, 1.0
_RETRY_SECONDS = 300
_TOO_MANY = Failure(
    "activePartitionExceeded",
    "DynamicPartitioning.ActivePartitionsLimitExceeded",
    "The stream has 500 active partitions, and this record would need another one.",
)


class StreamDelivery:
    """Delivers one stream from its checkpoint on."""

    def __init__(self, stream: dict[str, Any], api: StreamsApi, client_of: ClientOf) -> None:
        self._stream, self._api = stream, api
        self._description = stream["description"]
        destination = self._description["Destinations"][0]["ExtendedS3DestinationDescription"]
        hints = destination["BufferingHints"]
        self._partitions = Partitions(hints["SizeInMBs"] * MIB, float(hints["IntervalInSeconds"]))
        self._objects = Objects(stream, destination, client_of)
        self._source = self._open_source(client_of)
        self._pipeline = Pipeline(destination, isinstance(self._source, Kinesis))
        self._progress = Progress()
        retry = destination.get("DynamicPartitioningConfiguration", {}).get("RetryOptions", {})
        self._retry_seconds = retry.get("DurationInSeconds", _RETRY_SECONDS)
        self._failing: dict[Target, float] = {}

    def run(self, stop: threading.Event, succeeded: Callable[[], None]) -> None:
        """Deliver until stopped. Raises any error; calls ``succeeded`` after each successful step."""
        pause = _SHORTEST
        while not stop.is_set():
            found = False
            for arrival in self._source.read():
                found = True
                if self._take(arrival):
                    succeeded()
            for target in self._partitions.due(time.monotonic()):
                if self._flush(target):
                    succeeded()
            # Buffered records may be those whose delivery failed before.
            if not self._partitions:
                self._checkpoint()
                succeeded()
            pause = _SHORTEST if found else min(2 * pause, _LONGEST)
            stop.wait(pause)

    def _open_source(self, client_of: ClientOf) -> Kinesis | Puts:
        source = self._description.get("Source", {}).get("KinesisStreamSourceDescription")
        if source is None:
            return Puts(self._api, self._stream)
        checkpoint = self._stream["checkpoint"]
        kinesis = client_of("kinesis", self._stream)
        return Kinesis(kinesis, source["KinesisStreamARN"], checkpoint["positions"], checkpoint["stream"])

    def _take(self, arrival: Arrival) -> bool:
        """Process and buffer a source record; return whether a buffer was delivered."""
        parts = [part for record in self._pipeline.user_records(arrival) for part in self._routed(record)]
        self._progress.arrived(arrival, len(parts))
        flushed = False
        for target, part in parts:
            target, part = self._admitted(target, part)
            full = self._partitions.add(target, part, time.monotonic())
            if full and target not in self._failing:
                flushed |= self._flush(target)
        return flushed

    def _routed(self, record: Arrival) -> list[tuple[Target, Arrival]]:
        try:
            processed = self._pipeline.process(record)
        except Unprocessable as error:
            return [_failed(record, error.failure)]
        return [self._target(part) for part in processed]

    def _target(self, part: Arrival) -> tuple[Target, Arrival]:
        try:
            return Target(self._pipeline.partition_keys(part)), part
        except Unprocessable as error:
            return _failed(part, error.failure)

    def _admitted(self, target: Target, part: Arrival) -> tuple[Target, Arrival]:
        return (target, part) if target.error_type or self._partitions.has_room(target) else _failed(part, _TOO_MANY)

    def _flush(self, target: Target) -> bool:
        """Deliver a buffer; return False if its partition fails and will be retried."""
        records = self._partitions.records(target)
        try:
            self._objects.write(target, records)
        except ClientError as error:
            if not target.keys or error.response["Error"]["Code"] == "NoSuchBucket":
                raise
            return self._retry_later(target, records, error)
        self._failing.pop(target, None)
        self._progress.delivered(records)
        self._partitions.discard(target)
        self._checkpoint()
        return True

    def _retry_later(self, target: Target, records: list[Arrival], error: ClientError) -> bool:
        """Keep the records of a partition that S3 refuses; deliver them as errors after the retry duration."""
        if target not in self._failing:
            say(f"{self._stream['name']}: {error}; retrying for {self._retry_seconds} s")
        since = self._failing.setdefault(target, time.monotonic())
        if time.monotonic() - since < self._retry_seconds:
            return False
        del self._failing[target]
        self._partitions.discard(target)
        failure = Failure("processing-failed", f"S3.{error.response['Error']['Code']}", str(error))
        for record in records:
            self._partitions.add(*_failed(record, failure), time.monotonic())
        return False

    def _checkpoint(self) -> None:
        if body := self._progress.take(self._source.stream):
            self._api.checkpoint(self._stream, body)


def _failed(record: Arrival, failure: Failure) -> tuple[Target, Arrival]:
    line = error_line(record, failure, time.time())
    return Target(error_type=failure.error_type), record._replace(data=line, raw=None)
