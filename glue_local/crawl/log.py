"""The log of crawls in CloudWatch: one stream for each crawler, each line with the id of its crawl as MessagePrefix."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

_AT_ONCE = 1000


class CrawlLog:
    """Collects the lines of one crawl; ``flush`` writes them."""

    def __init__(self, logs: Any, crawl: dict[str, Any], now: Callable[[], float]) -> None:
        self._logs, self._crawl, self._now = logs, crawl, now
        self._lines: list[dict[str, Any]] = []

    def write(self, line: str) -> None:
        """Add a line, such as ``INFO : …``."""
        message = f"[{self._crawl['MessagePrefix']}] {line}"
        self._lines.append({"timestamp": int(1000 * self._now()), "message": message})

    def flush(self) -> None:
        """Write the lines; creates the group and the stream if they are missing."""
        group, stream = self._crawl["LogGroup"], self._crawl["LogStream"]
        exists = self._logs.exceptions.ResourceAlreadyExistsException
        with suppress(exists):
            self._logs.create_log_group(logGroupName=group)
        with suppress(exists):
            self._logs.create_log_stream(logGroupName=group, logStreamName=stream)
        while self._lines:
            some, self._lines = self._lines[:_AT_ONCE], self._lines[_AT_ONCE:]
            self._logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=some)
