"""Run statements with Athena one after the other, in the same database and work group."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from glue_local.client import athena
from glue_local.client.athena import Result

Clients = Callable[[str], Any]


class Interrupted(Exception):
    """The user stopped a query with Ctrl-C."""


@dataclass(frozen=True)
class Answer:
    """A query that SUCCEEDED and its result."""

    query: dict[str, Any]
    result: Result

    @property
    def tabular(self) -> bool:
        """Whether the result has columns; that of ``SHOW`` or ``EXPLAIN`` is lines of text."""
        return str(self.query["ResultConfiguration"]["OutputLocation"]).endswith(".csv")


class Session:
    """Runs statements; the database may change between them."""

    def __init__(self, clients: Clients, region: str, database: str, work_group: str) -> None:
        self.clients, self.database = clients, database
        self._region, self._work_group = region, work_group
        self._output_location: str | None = None

    def run(self, sql: str) -> Answer:
        """Run a statement. Raises QueryFailed with Athena's reason, or Interrupted after Ctrl-C has stopped the query."""
        client = self.clients("athena")
        if self._output_location is None:
            self._output_location = athena.output_location(self.clients, self._region, self._work_group)
        query_id = athena.start(
            client,
            sql,
            database=self.database,
            work_group=self._work_group,
            output_location=self._output_location,
        )
        try:
            query = athena.wait(client, query_id)
        except KeyboardInterrupt:
            athena.stop(client, query_id)
            raise Interrupted from None
        return Answer(query, athena.result(client, query))
