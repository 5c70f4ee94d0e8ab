"""Claim queries and run them concurrently until stopped."""

import threading
import time
from typing import Any

from glue_local.children.claims_api import ClaimLost, ClaimsApi
from glue_local.core.private_api import ServerUnreachable
from glue_local.query.engine.engine import Engine
from glue_local.query.log import say
from glue_local.query.run import Clients, QueryRun
from glue_local.query.statement import Statement

_WAIT = 20.0
_BEAT = 0.5
_TRIES = 30


class QueryWorker:
    """Runs up to ``slots`` queries concurrently; others stay QUEUED."""

    def __init__(self, api: ClaimsApi, name: str, engine: Engine, clients: Clients, slots: int) -> None:
        self._api, self._name, self._engine, self._clients = api, name, engine, clients
        self._places = threading.Semaphore(slots)
        self._ending = threading.Event()
        self._running: set[QueryRun] = set()

    def work(self) -> None:
        """Claim and run queries until stopped."""
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()
        while not self._ending.is_set():
            self._places.acquire()
            try:
                claim = self._api.claim(self._name, _WAIT)
            except ServerUnreachable as trouble:
                say(str(trouble))
                claim = None
                self._ending.wait(1.0)
            if claim is None:
                self._places.release()
                continue
            query = QueryRun(claim, self._engine, self._clients)
            self._running.add(query)
            threading.Thread(target=self._run, args=(query,), name=query.query_id, daemon=True).start()

    def end(self) -> None:
        """Stop claiming and cancel running queries; their claims end with this process."""
        self._ending.set()
        for query in tuple(self._running):
            query.stop()

    def _run(self, query: QueryRun) -> None:
        try:
            ended = query.run(lambda statement: self._started(query, statement))
            if not self._ending.is_set():
                self._report(query, "finished", **ended)
        except ClaimLost as lost:
            say(str(lost))
        finally:
            self._running.discard(query)
            self._places.release()

    def _started(self, query: QueryRun, statement: Statement) -> bool:
        answer = self._report(query, "started", kind=statement.kind, substatement=statement.substatement)
        return bool(answer["stop"])

    def _report(self, query: QueryRun, what: str, **more: Any) -> dict[str, Any]:
        """Report to the server, with retries while it does not respond; after the last one the claim expires."""
        for attempt in range(_TRIES):
            try:
                return self._api.report(query.query_id, what, query.claim, **more)
            except ServerUnreachable as trouble:
                say(str(trouble))
                time.sleep(min(0.1 * 2**attempt, 2.0))
        return self._api.report(query.query_id, what, query.claim, **more)

    def _beat(self) -> None:
        while not self._ending.wait(_BEAT):
            for query in tuple(self._running):
                try:
                    if self._api.report(query.query_id, "heartbeat", query.claim)["stop"]:
                        query.stop()
                except ServerUnreachable as trouble:
                    say(str(trouble))
                except ClaimLost:
                    # The query has just finished, or the server has ended its claim.
                    if query in self._running:
                        query.stop()
