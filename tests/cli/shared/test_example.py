"""The feed of the example, published in parts."""

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rich.console import Console

from glue_local.cli.shared.example import Example, publish

if TYPE_CHECKING:
    from glue_local.server import Server

STREAM = "traffic-events"


def events(kinesis: Any) -> Counter[bytes]:
    """Return all events of the stream."""
    found: Counter[bytes] = Counter()
    for shard in kinesis.list_shards(StreamName=STREAM)["Shards"]:
        iterator = kinesis.get_shard_iterator(
            StreamName=STREAM, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        while records := (answer := kinesis.get_records(ShardIterator=iterator))["Records"]:
            found.update(record["Data"] for record in records)
            iterator = answer["NextShardIterator"]
    return found


def test_two_parts_have_the_same_events_as_the_whole(endpoint: "Server", aws: Callable[..., Any]) -> None:
    running, kinesis = Example(endpoint.endpoint, Console(quiet=True), 1), aws("kinesis")
    aws("s3").create_bucket(Bucket="traffic-raw")
    kinesis.create_stream(StreamName=STREAM, ShardCount=1)
    whole = publish(running, 4, 20, 1)
    once = events(kinesis)
    assert once.total() == whole >= 80
    parts = publish(running, 1, 20, 1, skipped=0), publish(running, 4, 20, 1, skipped=1)
    assert all(parts)
    assert sum(parts) == whole
