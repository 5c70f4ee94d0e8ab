"""Run one query from claim to end: build the statement, execute it or have the engine run it, write the result."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from glue_local.query import prepared
from glue_local.query.ddl import carry_out, rewrite
from glue_local.query.endings import CANCELLED, ending
from glue_local.query.engine.catalogs import hidden
from glue_local.query.engine.client import Execution, run
from glue_local.query.engine.engine import Engine
from glue_local.query.failure import SCANNED_TOO_MUCH, Cancelled
from glue_local.query.results import table
from glue_local.query.results.objects import ResultObjects
from glue_local.query.results.runtime import Runtime
from glue_local.query.results.types import column_info
from glue_local.query.session import Session
from glue_local.query.statement import Column, Outcome, Rows, Statement
from glue_local.query.text import bound, classify
from glue_local.query.written import files_of

Clients = Callable[[str, str, str], Any]
"""Makes AWS clients for the endpoint: (service, account, region) -> client."""

# Set as session properties, so that they also apply to an external engine.
_LIMITS = {
    # https://docs.aws.amazon.com/athena/latest/ug/service-limits.html
    "query_max_run_time": "30m",
    # The limit of open partitions is per writer: with one writer it is per query.
    "task_min_writer_count": "1",
    "task_max_writer_count": "1",
}

_ROWS = Column("rows", "bigint")
"""Athena's result columns of a statement that only returns a row count."""


class QueryRun:
    """A claimed query. ``run`` returns its final state; another thread may call ``stop`` meanwhile."""

    def __init__(self, claim: dict[str, Any], engine: Engine, clients: Clients) -> None:
        self.query_id, self.claim = str(claim["query"]["QueryExecutionId"]), str(claim["claim"])
        self._query, self._configuration, self._prepared = claim["query"], claim["configuration"], claim["prepared"]
        self._data_catalogs: list[str] = claim["catalogs"]
        self._account, self._region = str(claim["account"]), str(claim["region"])
        self._engine, self._clients = engine, clients
        self._stopping = threading.Event()
        self._execution: Execution | None = None
        self._runtime = Runtime()

    def stop(self) -> None:
        """Cancel the query soon."""
        self._stopping.set()
        if self._execution:
            self._execution.cancel()

    def run(self, started: Callable[[Statement], bool]) -> dict[str, Any]:
        """Run the query and return its final state.

        ``started`` is called once the engine is ready; it returns whether the query must stop.
        """
        try:
            ended = {"state": "SUCCEEDED", **self._run(started)}
        except Exception as problem:  # noqa: BLE001 - any exception fails this query only
            ended = ending(problem, self._stopping.is_set())
        return {**ended, "statistics": {**self._runtime.statistics(), **ended.get("statistics", {})}}

    def _run(self, started: Callable[[Statement], bool]) -> dict[str, Any]:
        sql = bound(self._query["Query"], self._query.get("ExecutionParameters", []), self._prepared)
        statement = classify(sql)
        session = self._session()
        self._runtime.ready()
        if started(statement) or self._stopping.is_set():
            raise Cancelled(CANCELLED)
        self._runtime.begin()
        outcome = prepared.carry_out(sql, session) or carry_out(sql, session)
        if outcome is not None:
            return self._write_outcome(outcome, session)
        return self._run_in_engine(rewrite(sql, session), statement, session)

    def _session(self) -> Session:
        catalog = self._engine.catalog(self._account, self._region)
        # AWS accepts it in back quotes; awswrangler's repair_table sends it so.
        database = str(self._query["QueryExecutionContext"].get("Database") or "default").strip("`").lower()
        location = str(self._query["ResultConfiguration"]["OutputLocation"])

        def run_sql(sql: str, *, properties: Mapping[str, str] = {}) -> Rows:
            return self._read(self._execute(sql, catalog, database, properties))

        return Session(
            glue=self._clients("glue", self._account, self._region),
            s3=self._clients("s3", self._account, self._region),
            run=run_sql,
            database=database,
            catalog=catalog,
            account=self._account,
            region=self._region,
            query_id=self.query_id,
            output_location=location.removesuffix(self.query_id),
            enforced_location=bool(self._configuration.get("EnforceWorkGroupConfiguration")),
            # Creation refuses other accounts' catalogs, so all names refer to the same one.
            catalogs=dict.fromkeys(self._data_catalogs, catalog),
            iceberg=hidden(catalog),
            work_group=self._query["WorkGroup"],
            athena=self._clients("athena", self._account, self._region),
            now=time.time(),
        )

    def _execute(self, sql: str, catalog: str, database: str, properties: Mapping[str, str] | None = None) -> Execution:
        cutoff = self._configuration.get("BytesScannedCutoffPerQuery")
        scanned = {"query_max_scan_physical_bytes": f"{cutoff}B"} if cutoff else {}
        together = {**(properties or {}), **_LIMITS, **scanned}
        self._execution = Execution(self._engine.url(), sql, catalog, database, together)
        if self._stopping.is_set():
            self._execution.cancel()
        return self._execution

    def _read(self, execution: Execution) -> Rows:
        began = time.monotonic()
        try:
            return run(execution)
        finally:
            self._runtime.add(execution.stats, time.monotonic() - began)

    def _pages(self, execution: Execution) -> Iterator[list[list[Any]]]:
        """Yield the pages of a statement, and measure only the engine's time."""
        seconds, count = 0.0, 0
        pages = execution.pages()
        try:
            while True:
                began = time.monotonic()
                page = next(pages, None)
                seconds += time.monotonic() - began
                if page is None:
                    return
                count += len(page)
                self._check_scanned(execution)
                yield page
        finally:
            self._runtime.add(execution.stats, seconds)
            self._runtime.output_rows = count

    def _check_scanned(self, execution: Execution) -> None:
        """Cancel a statement that has scanned more than the work group allows, unless it has already written its rows."""
        cutoff = self._configuration.get("BytesScannedCutoffPerQuery")
        scanned = int(execution.stats.get("physicalInputBytes") or 0)
        # The engine checks its limit once a second, which is too late for a short query.
        if cutoff and scanned > cutoff and not (execution.finished and execution.update_type):
            execution.cancel()
            raise Cancelled(SCANNED_TOO_MUCH)

    def _run_in_engine(self, sql: str, statement: Statement, session: Session) -> dict[str, Any]:
        execution = self._execute(sql, session.catalog, session.database)
        pages = self._pages(execution)
        first = _until_columns(pages, execution)
        if execution.columns and not execution.update_type and statement.kind == "DML":
            return self._write_rows(execution.columns, _chained(first, pages), session)
        rows = [row for page in _chained(first, pages) for row in page]
        if execution.update_type:
            return self._write_update(sql, execution, statement, session)
        outcome = Outcome(
            statement.kind, statement.substatement, execution.columns, rows, table.plain(rows) or "", None, None
        )
        return self._write_outcome(outcome, session)

    def _write_rows(self, columns: list[Column], pages: Iterator[list[list[Any]]], session: Session) -> dict[str, Any]:
        objects = self._objects(session)
        self._runtime.output_bytes = objects.write(".csv", _chained(table.header(columns), table.lines(columns, pages)))
        return self._ended(objects, ".csv", columns, 0)

    def _write_update(self, sql: str, execution: Execution, statement: Statement, session: Session) -> dict[str, Any]:
        if execution.update_count is None:
            return self._write_outcome(Outcome(statement.kind, statement.substatement), session)
        manifest = files_of(sql, execution.query_id, session)
        outcome = Outcome(
            *(statement.kind, statement.substatement, (_ROWS,)), manifest=manifest, update_count=execution.update_count
        )
        return self._write_outcome(outcome, session)

    def _write_outcome(self, outcome: Outcome, session: Session) -> dict[str, Any]:
        objects = self._objects(session)
        if outcome.manifest is not None:
            objects.write("-manifest.csv", ["".join(f"{uri}\n" for uri in outcome.manifest).encode()])
            ended = self._ended(objects, "", outcome.columns or (_ROWS,), outcome.update_count)
            return {**ended, "statistics": {"DataManifestLocation": objects.location("-manifest.csv")}}
        objects.write(".txt", [outcome.text.encode()])
        return self._ended(objects, ".txt", [Column(each.name, "string") for each in outcome.columns], None)

    def _objects(self, session: Session) -> ResultObjects:
        return ResultObjects(session.s3, session.output_location, self.query_id)

    def _ended(self, objects: ResultObjects, suffix: str, columns: Any, update_count: int | None) -> dict[str, Any]:
        described = [column_info(column) for column in columns]
        location = objects.location(suffix)
        objects.write_metadata(location, described)
        result = {
            "columns": described,
            "update_count": update_count,
            "object": bool(suffix),
            "runtime": self._runtime.rows(),
        }
        return {"location": location, "result": result}


def _until_columns(pages: Iterator[list[list[Any]]], execution: Execution) -> list[list[list[Any]]]:
    """Read pages until the statement's columns or update type are known."""
    read = []
    for page in pages:
        read.append(page)
        if execution.columns or execution.update_type:
            break
    return read


def _chained(first: Any, rest: Any) -> Iterator[Any]:
    yield from [first] if isinstance(first, bytes) else first
    yield from rest
