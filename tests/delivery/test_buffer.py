"""A buffer is due by size or by age, whichever comes first."""

from glue_local.delivery.buffer import Arrival, Buffer


def record(size: int) -> Arrival:
    return Arrival(b"x" * size, 0.0, "shard", "1")


def test_due_by_size() -> None:
    buffer = Buffer(max_bytes=10, max_seconds=60)
    buffer.add(record(9), now=0)
    assert not buffer.is_due(1)
    buffer.add(record(1), now=1)
    assert buffer.is_due(1)


def test_due_by_the_age_of_its_first_record() -> None:
    buffer = Buffer(max_bytes=10, max_seconds=60)
    assert not buffer.is_due(1000), "an empty buffer is never due"
    buffer.add(record(1), now=5)
    buffer.add(record(1), now=50)
    assert not buffer.is_due(64.9)
    assert buffer.is_due(65)
    buffer.empty()
    assert not buffer.is_due(1000)
    assert buffer.size == 0
