"""The S3 requests of runs and queries that this server has answered since it started, by sender."""

import threading
from collections import defaultdict
from typing import Any

from glue_local.recorded_calls import S3Request
from glue_local.worker_api.context import PrivateContext


class S3Requests:
    """Counts requests in memory: a restarted server starts at zero."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._totals: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])

    def note(self, request: S3Request) -> None:
        """Count a request."""
        with self._lock:
            total = self._totals[request.sender, request.kind]
            for at, count in enumerate((1, request.written, request.read)):
                total[at] += count

    def totals(self, _context: PrivateContext, _body: dict[str, Any]) -> dict[str, Any]:
        """Return {S3Requests: [{Sender, Kind, Requests, BytesWritten, BytesRead}]}; a run's sender is its id's start."""
        with self._lock:
            totals = {key: tuple(counts) for key, counts in self._totals.items()}
        return {
            "S3Requests": [
                {"Sender": sender, "Kind": kind, "Requests": requests, "BytesWritten": written, "BytesRead": read}
                for (sender, kind), (requests, written, read) in sorted(totals.items())
            ]
        }
