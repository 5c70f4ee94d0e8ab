"""Patches of moto's Kinesis: constant-time, thread-safe appends and reads; shard iterators."""

from collections.abc import Callable
from itertools import islice
from threading import RLock
from typing import Any

from glue_local.backend.moto_patches.patch import Patch, attribute

_SHARD = "moto.kinesis.models:Shard"
# One lock for all shards: an append takes a microsecond.
_LOCK = RLock()


def _by_name(get_shard_iterator: Callable[..., Any]) -> Callable[..., Any]:
    def by_name(self: Any, stream_arn: str | None, stream_name: str | None, *rest: Any) -> Any:
        name = stream_name or self.describe_stream(stream_arn=stream_arn, stream_name=None).stream_name
        return get_shard_iterator(self, None, name, *rest)

    return by_name


def _of_shards(create_stream: Callable[..., Any]) -> Callable[..., Any]:
    error = attribute("moto.kinesis.exceptions:InvalidArgumentError")

    def create(self: Any, stream_name: str, shard_count: int | None, *rest: Any, **more: Any) -> Any:
        mode = more.get("stream_mode") or (rest[0] if rest else None) or {}
        if shard_count is None and mode.get("StreamMode") != "ON_DEMAND":
            raise error("ShardCount is required for a stream in PROVISIONED mode.")
        return create_stream(self, stream_name, shard_count, *rest, **more)

    return create


def _known_iterator(decompose: Callable[..., list[str]]) -> Callable[..., list[str]]:
    error = attribute("moto.kinesis.exceptions:InvalidArgumentError")

    def decompose_known(shard_iterator: str) -> list[str]:
        try:
            stream, shard, number = decompose(shard_iterator)
            int(number)
        except ValueError:
            raise error("Invalid ShardIterator.") from None
        return [stream, shard, number]

    return decompose_known


def _append(original: Callable[..., Any]) -> Callable[..., Any]:
    record = attribute("moto.kinesis.models:Record")

    def put_record(self: Any, partition_key: str, data: str, explicit_hash_key: str) -> str:
        with _LOCK:
            number = _last(self.records) + 1
            self.records[number] = record(partition_key, data, number, explicit_hash_key)
            return str(number)

    return put_record


def _read(original: Callable[..., Any]) -> Callable[..., Any]:
    def get_records(self: Any, last_sequence_id: str, limit: int | None) -> tuple[list[Any], int, int]:
        with _LOCK:
            last = int(last_sequence_id)
            numbers = range(max(last + 1, _first(self.records)), _last(self.records) + 1)
            # Sequence numbers are consecutive: a shard only appends records or is emptied.
            results = [self.records[number] for number in islice(numbers, limit)]
            if not results:
                return [], last, 0
            newest = self.records[_last(self.records)]
        behind = newest.created_at - results[-1].created_at
        return results, results[-1].sequence_number, int(behind * 1000)

    return get_records


def _first(records: dict[int, Any]) -> int:
    return next(iter(records), 0)


def _existing(find_stream_by_arn: Callable[..., Any]) -> Callable[..., Any]:
    def find(self: Any, stream_arn: str) -> Any:
        stream = find_stream_by_arn(self, stream_arn)
        if stream is None:
            name = stream_arn.rpartition("/")[2]
            raise attribute("moto.kinesis.exceptions:StreamNotFoundError")(name, self.account_id)
        return stream

    return find


def _deregister(self: Any, stream_arn: str, consumer_name: str, consumer_arn: str) -> None:
    consumer = self.describe_stream_consumer(stream_arn, consumer_name, consumer_arn)
    for stream in self.streams.values():
        stream.delete_consumer(consumer.consumer_arn)


def _last(records: dict[int, Any]) -> int:
    return next(reversed(records), 0)


PATCHES = (
    Patch(
        "moto.kinesis.models:KinesisBackend.get_shard_iterator",
        "a shard iterator for a stream ARN reads a stream named None",
        _by_name,
    ),
    Patch(
        "moto.kinesis.models:KinesisBackend.create_stream",
        "a provisioned stream without a number of shards fails the request",
        _of_shards,
    ),
    Patch(
        "moto.kinesis.models:KinesisBackend._find_stream_by_arn",
        "a request for a consumer of a missing stream fails",
        _existing,
    ),
    Patch(
        "moto.kinesis.models:KinesisBackend.deregister_stream_consumer",
        "deregistering a consumer by name removes the others instead",
        lambda original: _deregister,
    ),
    Patch(
        "moto.kinesis.utils:decompose_shard_iterator",
        "a shard iterator that Kinesis did not return fails the request",
        _known_iterator,
        also_in="moto.kinesis",
    ),
    Patch(
        f"{_SHARD}.put_record",
        "every put copies the list of all records, and concurrent puts give two records the same sequence number",
        _append,
    ),
    Patch(f"{_SHARD}.get_records", "every read scans the shard from its start", _read),
    Patch(
        f"{_SHARD}.get_max_sequence_number",
        "finding the newest sequence number scans all",
        lambda original: lambda self: _last(self.records),
    ),
    Patch(
        f"{_SHARD}.get_min_sequence_number",
        "finding the oldest sequence number scans all",
        lambda original: lambda self: _first(self.records),
    ),
)
