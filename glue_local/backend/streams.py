"""What moto's Kinesis lacks to carry a whole network's minutes: constant-time appends and reads, safe across threads."""

from functools import cache
from itertools import islice
from threading import RLock
from typing import Any


@cache
def teach_streams() -> None:
    """Patch moto's shards, once, when the first Kinesis request comes (importing them costs start-up time).

    In moto 5.2.5 every PutRecords entry copies the shard's whole list of sequence numbers and every GetRecords walks
    the shard from its beginning, so that time grows with the square of the records; and two requests at once give two
    records one sequence number, the later replacing the earlier ("not safe for concurrency", it says).
    """
    from moto.kinesis.models import KinesisBackend, Record, Shard  # noqa: PLC0415 - see above

    lock = RLock()
    by_name = KinesisBackend.get_shard_iterator

    def get_shard_iterator(self: Any, stream_arn: str | None, stream_name: str | None, *rest: Any) -> Any:
        # An iterator made by ARN would read "Stream None": moto writes the name that it was not given into it.
        name = stream_name or self.describe_stream(stream_arn=stream_arn, stream_name=None).stream_name
        return by_name(self, None, name, *rest)

    def put_record(self: Any, partition_key: str, data: str, explicit_hash_key: str) -> str:
        with lock:
            number = _last(self.records) + 1
            self.records[number] = Record(partition_key, data, number, explicit_hash_key)
            return str(number)

    def get_records(self: Any, last_sequence_id: str, limit: int | None) -> tuple[list[Any], int, int]:
        with lock:
            last = int(last_sequence_id)
            numbers = range(max(last + 1, _first(self.records)), _last(self.records) + 1)
            # Numbers follow each other: a shard only ever appends, or is emptied.
            results = [self.records[number] for number in islice(numbers, limit)]
            if not results:
                return [], last, 0
            newest = self.records[_last(self.records)]
        behind = newest.created_at - results[-1].created_at
        return results, results[-1].sequence_number, int(behind * 1000)

    KinesisBackend.get_shard_iterator = get_shard_iterator
    Shard.put_record = put_record
    Shard.get_records = get_records
    Shard.get_max_sequence_number = lambda self: _last(self.records)
    Shard.get_min_sequence_number = lambda self: _first(self.records)


def _first(records: dict[int, Any]) -> int:
    return next(iter(records), 0)


def _last(records: dict[int, Any]) -> int:
    return next(reversed(records), 0)
