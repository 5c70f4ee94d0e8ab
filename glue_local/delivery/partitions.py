"""The buffers of a delivery stream: one for each set of partition keys, and one for each kind of error."""

from typing import NamedTuple

from glue_local.delivery.buffer import Arrival, Buffer

MOST_ACTIVE = 500
"""The quota of active partitions of a stream."""


class Target(NamedTuple):
    """Where records go: the values of the prefix's partition keys, or the kind of an error."""

    keys: tuple[tuple[str, str], ...] = ()
    error_type: str = ""


class Partitions:
    """Buffers by target, each due by its own size and age."""

    def __init__(self, max_bytes: int, max_seconds: float) -> None:
        self._max_bytes, self._max_seconds = max_bytes, max_seconds
        self._buffers: dict[Target, Buffer] = {}

    def has_room(self, target: Target) -> bool:
        """Return whether records of a target can be buffered: a new partition only below the quota."""
        return target in self._buffers or sum(not each.error_type for each in self._buffers) < MOST_ACTIVE

    def add(self, target: Target, record: Arrival, now: float) -> bool:
        """Buffer a record; return whether its buffer is full."""
        buffer = self._buffers.setdefault(target, Buffer(self._max_bytes, self._max_seconds))
        buffer.add(record, now)
        return buffer.size >= buffer.max_bytes

    def due(self, now: float) -> list[Target]:
        """Return the targets whose buffers must be delivered."""
        return [target for target, buffer in self._buffers.items() if buffer.is_due(now)]

    def records(self, target: Target) -> list[Arrival]:
        """Return the buffered records of a target."""
        return self._buffers[target].records

    def discard(self, target: Target) -> None:
        """Discard a buffer after its delivery; its partition is no longer active."""
        del self._buffers[target]

    def __bool__(self) -> bool:
        return bool(self._buffers)
