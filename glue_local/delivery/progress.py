"""A stream's progress: the position up to which everything is in S3."""

from collections import deque
from collections.abc import Iterable
from typing import Any

from glue_local.delivery.buffer import Arrival
from glue_local.delivery.sources import PUTS


class Progress:
    """Counts the undelivered parts of each source record, which may be in several objects."""

    def __init__(self) -> None:
        self._order: dict[str, deque[str]] = {}
        self._open: dict[tuple[str, str], int] = {}

    def arrived(self, record: Arrival, parts: int) -> None:
        """Add a source record with the number of its parts to deliver."""
        self._order.setdefault(record.shard, deque()).append(record.position)
        self._open[record.shard, record.position] = parts

    def delivered(self, parts: Iterable[Arrival]) -> None:
        """Record that parts of records are in S3."""
        for part in parts:
            self._open[part.shard, part.position] -= 1

    def take(self, stream: str) -> dict[str, Any] | None:
        """Return the new checkpoint since the last call; None if nothing was delivered."""
        done = {shard: self._done(shard) for shard in self._order}
        records = sum(len(positions) for positions in done.values())
        if not records:
            return None
        return {
            "records": records,
            "positions": {shard: each[-1] for shard, each in done.items() if each and shard != PUTS},
            "put_records": done.get(PUTS, []),
            "stream": stream,
        }

    def _done(self, shard: str) -> list[str]:
        order, done = self._order[shard], []
        while order and not self._open[shard, order[0]]:
            done.append(order.popleft())
            del self._open[shard, done[-1]]
        return done
