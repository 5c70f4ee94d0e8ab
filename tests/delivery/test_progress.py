"""The checkpoint of records whose parts are delivered in any order."""

from glue_local.delivery.buffer import Arrival
from glue_local.delivery.progress import Progress
from glue_local.delivery.sources import PUTS


def record(position: str, shard: str = "shard") -> Arrival:
    return Arrival(b"x", 0.0, shard, position)


def test_a_checkpoint_never_passes_an_undelivered_record() -> None:
    progress = Progress()
    for position, parts in (("1", 2), ("2", 1), ("3", 1)):
        progress.arrived(record(position), parts)
    progress.delivered([record("1"), record("2")])
    assert progress.take("s") is None, "a part of the first record is still buffered"
    progress.delivered([record("1")])
    assert progress.take("s") == {"records": 2, "positions": {"shard": "2"}, "put_records": [], "stream": "s"}
    assert progress.take("s") is None


def test_a_record_without_parts_is_passed() -> None:
    progress = Progress()
    progress.arrived(record("1"), 0)
    assert progress.take("s") == {"records": 1, "positions": {"shard": "1"}, "put_records": [], "stream": "s"}


def test_shards_and_direct_puts_have_separate_checkpoints() -> None:
    progress = Progress()
    for position, shard in (("1", "a"), ("7", "b"), ("p", PUTS), ("q", PUTS)):
        progress.arrived(record(position, shard), 1)
    progress.delivered([record("7", "b"), record("p", PUTS)])
    assert progress.take("s") == {"records": 2, "positions": {"b": "7"}, "put_records": ["p"], "stream": "s"}
