"""A query worker that ends queries as each test specifies, so that no engine is needed."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from glue_local.query.results import table
from glue_local.query.results.objects import ResultObjects
from glue_local.query.results.types import column_info
from glue_local.query.statement import Column
from glue_local.worker_api.queries import claim, finished, heartbeat, started

if TYPE_CHECKING:
    from glue_local.server import Server


@dataclass
class Answers:
    """The outcomes of queries, in order. ``asked`` are the queries received so far."""

    server: "Server"
    s3: Any
    asked: list[dict[str, Any]] = field(default_factory=list)

    @contextmanager
    def rows(self, columns: dict[str, str], *rows: Sequence[Any]) -> Iterator[None]:
        """End the next query with rows."""
        with self._ending(lambda claimed: self._result(claimed, [Column(*each) for each in columns.items()], rows)):
            yield

    @contextmanager
    def failure(self, reason: str) -> Iterator[None]:
        """End the next query FAILED."""
        with self._ending(lambda claimed: {"state": "FAILED", "reason": reason}):
            yield

    @contextmanager
    def never(self) -> Iterator[None]:
        """Run the next query until it is stopped."""

        def until_stopped(claimed: dict[str, Any]) -> dict[str, Any]:
            query_id = claimed["query"]["QueryExecutionId"]
            while not heartbeat(self.server.private, {"claim": claimed["claim"]}, query_id)["stop"]:
                time.sleep(0.02)
            return {"state": "CANCELLED", "reason": "Query cancelled"}

        with self._ending(until_stopped):
            yield

    @contextmanager
    def _ending(self, end: Callable[[dict[str, Any]], dict[str, Any]]) -> Iterator[None]:
        def work() -> None:
            while not (claimed := claim(self.server.private, {"worker": "test", "wait": 20})):
                pass
            query = claimed["query"]
            self.asked.append(query)
            held, kind = {"claim": claimed["claim"]}, {"kind": "DML", "substatement": "SELECT"}
            started(self.server.private, {**held, **kind}, query["QueryExecutionId"])
            finished(self.server.private, {**held, **end(claimed)}, query["QueryExecutionId"])

        thread = threading.Thread(target=work)
        thread.start()
        yield
        thread.join()

    def _result(self, claimed: dict[str, Any], columns: list[Column], rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
        query = claimed["query"]
        location = query["ResultConfiguration"]["OutputLocation"].removesuffix(query["QueryExecutionId"])
        objects = ResultObjects(self.s3, location, query["QueryExecutionId"])
        objects.write(".csv", [table.header(columns), *table.lines(columns, [rows])])
        result = {"columns": [column_info(each) for each in columns], "update_count": 0, "object": True, "runtime": {}}
        return {"state": "SUCCEEDED", "location": objects.location(".csv"), "result": result}


@pytest.fixture
def answers(endpoint: "Server", aws: Callable[..., Any]) -> Answers:
    return Answers(endpoint, aws("s3"))
