"""The buffers of partitions."""

from glue_local.delivery.buffer import Arrival
from glue_local.delivery.partitions import MOST_ACTIVE, Partitions, Target

RECORD = Arrival(b"xx", 0.0, "shard", "1")


def target(value: int) -> Target:
    return Target((("k", str(value)),))


def test_each_partition_is_due_by_itself() -> None:
    partitions = Partitions(max_bytes=4, max_seconds=60)
    assert not partitions.add(target(1), RECORD, now=0)
    assert not partitions.add(target(2), RECORD, now=50)
    assert partitions.due(59) == []
    assert partitions.due(61) == [target(1)]
    assert partitions.add(target(2), RECORD, now=61), "two records fill its buffer"
    assert partitions.due(61) == [target(1), target(2)]


def test_at_most_500_partitions_are_active() -> None:
    partitions = Partitions(max_bytes=100, max_seconds=60)
    for value in range(MOST_ACTIVE):
        assert partitions.has_room(target(value))
        partitions.add(target(value), RECORD, now=0)
    partitions.add(Target(error_type="activePartitionExceeded"), RECORD, now=0)
    assert not partitions.has_room(target(MOST_ACTIVE))
    assert partitions.has_room(target(3)), "an active partition accepts more records"
    partitions.discard(target(3))
    assert partitions.has_room(target(MOST_ACTIVE))
