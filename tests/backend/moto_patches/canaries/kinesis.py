"""Canaries of the patches in ``moto_patches/kinesis.py``."""

from collections.abc import Callable
from typing import Any

from moto import mock_aws

from .unpatched import attribute, client, fails

_SHARD = "moto.kinesis.models:Shard"
_RECORDS = 100


class _CountingRecords(dict):  # type: ignore[type-arg]
    """The records of a shard; ``read`` is how many of them were read."""

    read = 0

    def keys(self) -> Any:
        self.read += len(self)
        return super().keys()

    def items(self) -> Any:
        self.read += len(self)
        return super().items()

    def values(self) -> Any:
        self.read += len(self)
        return super().values()


def reads_all_records(act: Callable[[Any], Any]) -> Callable[[], bool]:
    """Return a canary for a method of a shard that reads all of its records."""

    def canary() -> bool:
        shard = attribute("moto.kinesis.models", "Shard")("000000000000", "us-east-1", "s", 0)
        for _ in range(_RECORDS):
            shard.put_record("k", "data", "")
        shard.records = records = _CountingRecords(shard.records)
        act(shard)
        return records.read >= _RECORDS

    return canary


def a_stream_cannot_be_read_by_its_arn() -> bool:
    with mock_aws():
        kinesis = client("kinesis")
        kinesis.create_stream(StreamName="s", ShardCount=1)
        arn = kinesis.describe_stream(StreamName="s")["StreamDescription"]["StreamARN"]
        shard = kinesis.list_shards(StreamName="s")["Shards"][0]["ShardId"]
        try:
            iterator = kinesis.get_shard_iterator(StreamARN=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
            kinesis.get_records(ShardIterator=iterator["ShardIterator"])
        except kinesis.exceptions.ClientError as error:
            return "None" in str(error)
        return False


def a_foreign_iterator_fails() -> bool:
    with mock_aws():
        try:
            client("kinesis").get_records(ShardIterator="foreign")
        except ValueError:
            return True
        return False


def a_stream_without_shards_fails() -> bool:
    with mock_aws():
        try:
            client("kinesis").create_stream(StreamName="s")
        except TypeError:
            return True
        return False


def deregistering_by_name_removes_the_others() -> bool:
    with mock_aws():
        kinesis = client("kinesis")
        kinesis.create_stream(StreamName="s", ShardCount=1)
        arn = kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]["StreamARN"]
        for name in ("a", "b"):
            kinesis.register_stream_consumer(StreamARN=arn, ConsumerName=name)
        kinesis.deregister_stream_consumer(StreamARN=arn, ConsumerName="a")
        left = kinesis.list_stream_consumers(StreamARN=arn)["Consumers"]
        return [each["ConsumerName"] for each in left] != ["b"]


_MISSING = "arn:aws:kinesis:us-east-1:123456789012:stream/missing"
CANARIES = {
    "moto.kinesis.models:KinesisBackend._find_stream_by_arn": fails(
        "kinesis", "describe_stream_consumer", StreamARN=_MISSING, ConsumerName="a"
    ),
    "moto.kinesis.models:KinesisBackend.deregister_stream_consumer": deregistering_by_name_removes_the_others,
    "moto.kinesis.models:KinesisBackend.create_stream": a_stream_without_shards_fails,
    "moto.kinesis.utils:decompose_shard_iterator": a_foreign_iterator_fails,
    "moto.kinesis.models:KinesisBackend.get_shard_iterator": a_stream_cannot_be_read_by_its_arn,
    f"{_SHARD}.put_record": reads_all_records(lambda shard: shard.put_record("k", "data", "")),
    f"{_SHARD}.get_records": reads_all_records(lambda shard: shard.get_records("90", 1)),
    f"{_SHARD}.get_max_sequence_number": reads_all_records(lambda shard: shard.get_max_sequence_number()),
    f"{_SHARD}.get_min_sequence_number": reads_all_records(lambda shard: shard.get_min_sequence_number()),
}
