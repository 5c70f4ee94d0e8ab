"""Commands against a server in this process, with workers that end runs and queries as each test specifies."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner, Result

from glue_local.cli import app
from glue_local.query.results import table
from glue_local.query.results.objects import ResultObjects
from glue_local.query.results.types import column_info
from glue_local.query.statement import Column
from glue_local.worker_api import queries, runs

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
            while not queries.heartbeat(self.server.private, {"claim": claimed["claim"]}, query_id)["stop"]:
                time.sleep(0.02)
            return {"state": "CANCELLED", "reason": "Query cancelled"}

        with self._ending(until_stopped):
            yield

    @contextmanager
    def _ending(self, end: Callable[[dict[str, Any]], dict[str, Any]]) -> Iterator[None]:
        over = threading.Event()

        def work() -> None:
            while not (claimed := queries.claim(self.server.private, {"worker": "test", "wait": 1})):
                if over.is_set():
                    return
            query = claimed["query"]
            self.asked.append(query)
            held, kind = {"claim": claimed["claim"]}, {"kind": "DML", "substatement": "SELECT"}
            queries.started(self.server.private, {**held, **kind}, query["QueryExecutionId"])
            queries.finished(self.server.private, {**held, **end(claimed)}, query["QueryExecutionId"])

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield
        finally:
            over.set()
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


@pytest.fixture
def cli(endpoint: "Server") -> Callable[..., Result]:
    def invoke(*arguments: Any) -> Result:
        return CliRunner().invoke(app, [*map(str, arguments), "--endpoint-url", endpoint.endpoint])

    return invoke


@pytest.fixture
def ends(endpoint: "Server", aws: Callable[..., Any]) -> Callable[..., Any]:
    """Claim a run in the background, log ``lines`` and finish it; ``state`` may list states for several runs."""

    @contextmanager
    def worker(state: str, message: str | None = None, lines: tuple[str, ...] = ()) -> Iterator[None]:
        def work(state: str) -> None:
            body = {"worker": "test", "commands": ["glueetl", "pythonshell"], "wait": 1}
            # Keep trying: a command would follow an unclaimed run forever.
            while not (claimed := runs.claim(endpoint.private, body)):
                if over.is_set():
                    return
            run_id, held = claimed["run"]["Id"], {"claim": claimed["claim"]}
            runs.started(endpoint.private, held, run_id)
            write_lines(aws("logs"), run_id, lines)
            if state == "STOPPED":
                aws("glue").batch_stop_job_run(JobName=claimed["job"]["Name"], JobRunIds=[run_id])
            ending = {**held, "state": state, "error_message": message, "execution_time": 2}
            runs.finished(endpoint.private, ending, run_id)

        over = threading.Event()
        thread = threading.Thread(target=lambda: list(map(work, state.split())))
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    return worker


def write_lines(logs: Any, run_id: str, lines: tuple[str, ...]) -> None:
    group = {"logGroupName": "/aws-glue/python-jobs/output"}
    if not logs.describe_log_groups(logGroupNamePrefix=group["logGroupName"])["logGroups"]:
        logs.create_log_group(**group)
    logs.create_log_stream(**group, logStreamName=run_id)
    events = [{"timestamp": int(time.time() * 1000), "message": line} for line in lines]
    if events:
        logs.put_log_events(**group, logStreamName=run_id, logEvents=events)
