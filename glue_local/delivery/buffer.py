"""Records on their way into one object, until size or age says it is full."""

from dataclasses import dataclass, field
from typing import NamedTuple

MIB = 1024 * 1024


class Arrival(NamedTuple):
    """One record: its bytes, its arrival in epoch seconds, where it stands (shard or put) and its place there."""

    data: bytes
    arrived: float
    shard: str
    position: str


@dataclass
class Buffer:
    """Holds records up to a number of bytes, or of seconds since the first came in."""

    max_bytes: int
    max_seconds: float
    records: list[Arrival] = field(default_factory=list)
    size: int = 0
    since: float = 0.0

    def add(self, record: Arrival, now: float) -> None:
        """Take a record; ``now`` is a monotonic clock's second."""
        if not self.records:
            self.since = now
        self.records.append(record)
        self.size += len(record.data)

    def is_due(self, now: float) -> bool:
        """Tell whether the buffer has to be delivered."""
        return bool(self.records) and (self.size >= self.max_bytes or now - self.since >= self.max_seconds)

    def empty(self) -> None:
        """Forget the records: they are delivered."""
        self.records, self.size = [], 0
