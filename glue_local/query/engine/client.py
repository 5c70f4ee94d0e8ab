"""A client of Trino's HTTP protocol: send a statement, read its pages of rows. https://trino.io/docs/current/develop/client-protocol.html

Not the official client, because Athena's result objects need numbers in Trino's text form, not as floats.
"""

import http.client
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from glue_local.query.failure import QueryFailed, of_engine
from glue_local.query.statement import Column, Rows

_BUSY = (429, 502, 503, 504)
_TRIES = 20
_TIMEOUT = 60.0
LOST = "The query engine stopped while the query was running. Run the query again."


class EngineLost(QueryFailed):
    """The engine no longer responds."""

    def __init__(self, why: str) -> None:
        super().__init__(f"GENERIC_INTERNAL_ERROR: {LOST} ({why})", category=1, error_type=200, retryable=True)


class Execution:
    """One statement in the engine. Iterating reads its rows page by page; raises QueryFailed if it fails."""

    def __init__(
        self, url: str, sql: str, catalog: str, schema: str, properties: Mapping[str, str] | None = None
    ) -> None:
        self.columns: list[Column] = []
        self.stats: dict[str, Any] = {}
        self.update_type = ""
        self.update_count: int | None = None
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=_TIMEOUT)
        headers = {
            "X-Trino-User": "athena",
            "X-Trino-Source": "athena",
            "X-Trino-Catalog": catalog,
            "X-Trino-Schema": quote(schema),
            "X-Trino-Time-Zone": "UTC",
            "X-Trino-Session": ",".join(f"{name}={quote(value)}" for name, value in (properties or {}).items()),
        }
        self._page = self._call("POST", f"{urlsplit(url).path}/v1/statement", sql.encode(), headers)
        self.query_id = str(self._page.get("id", ""))

    def pages(self) -> Iterator[list[list[Any]]]:
        """Yield pages of rows; ``columns`` is set from the first page with columns on."""
        try:
            while True:
                self._read(self._page)
                # Also an empty page: the reader may check the statistics, or stop.
                yield self._page.get("data") or []
                following = self._page.get("nextUri")
                if not following:
                    return
                self._page = self._call("GET", _path(following))
        finally:
            self._connection.close()

    @property
    def finished(self) -> bool:
        """Whether the engine has finished the statement."""
        return not self._page.get("nextUri")

    def cancel(self) -> None:
        """Cancel the statement in the engine; no effect if it has ended."""
        following = self._page.get("nextUri")
        if following:
            connection = http.client.HTTPConnection(urlsplit(following).netloc, timeout=_TIMEOUT)
            try:
                connection.request("DELETE", _path(following))
                connection.getresponse().read()
            except (OSError, http.client.HTTPException):
                pass  # a stopped engine runs nothing
            finally:
                connection.close()

    def _read(self, page: dict[str, Any]) -> None:
        self.stats = page.get("stats", self.stats)
        if not self.columns and page.get("columns"):
            self.columns = [Column(each["name"], each["type"]) for each in page["columns"]]
        self.update_type = page.get("updateType") or self.update_type
        self.update_count = page.get("updateCount", self.update_count)
        if page.get("error"):
            raise of_engine(page["error"])

    def _call(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        for attempt in range(_TRIES):
            try:
                self._connection.request(method, path, body, dict(headers or {}))
                response = self._connection.getresponse()
                content = response.read()
            except (OSError, http.client.HTTPException) as error:
                raise EngineLost(f"{type(error).__name__}: {error}") from None
            if response.status == 200:
                # Decimal numbers keep Java's text form, which is Athena's as well.
                answer: dict[str, Any] = json.loads(content, parse_float=str)
                return answer
            if response.status not in _BUSY:
                raise EngineLost(f"HTTP {response.status}: {content[:500].decode(errors='replace')}")
            time.sleep(min(0.05 * 2**attempt, 1.0))
        raise EngineLost(f"HTTP {response.status}, {_TRIES} times")


def run(execution: Execution) -> Rows:
    """Read all rows of a statement."""
    rows = [row for page in execution.pages() for row in page]
    return Rows(execution.columns, rows, execution.update_type, execution.update_count, execution.query_id)


def _path(uri: str) -> str:
    parts = urlsplit(uri)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
