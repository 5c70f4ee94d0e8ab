"""Buffered records of one object, which is due by size or by age."""

from dataclasses import dataclass, field
from typing import NamedTuple

MIB = 1024 * 1024


class Arrival(NamedTuple):
    """One record: bytes, arrival in epoch seconds, shard (or direct put) and position in it.

    For a part of a record, ``sub`` is its position in an aggregated record, and ``raw`` the compressed original.
    """

    data: bytes
    arrived: float
    shard: str
    position: str
    sub: int = 0
    raw: bytes | None = None

    @property
    def original(self) -> bytes:
        """The record's bytes for an error object."""
        return self.data if self.raw is None else self.raw


@dataclass
class Buffer:
    """Holds records up to a number of bytes, or of seconds since the first one arrived."""

    max_bytes: int
    max_seconds: float
    records: list[Arrival] = field(default_factory=list)
    size: int = 0
    since: float = 0.0

    def add(self, record: Arrival, now: float) -> None:
        """Add a record; ``now`` is in seconds of a monotonic clock."""
        if not self.records:
            self.since = now
        self.records.append(record)
        self.size += len(record.data)

    def is_due(self, now: float) -> bool:
        """Return whether the buffer must be delivered."""
        return bool(self.records) and (self.size >= self.max_bytes or now - self.since >= self.max_seconds)

    def empty(self) -> None:
        """Discard the records after their delivery."""
        self.records, self.size = [], 0
