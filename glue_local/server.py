"""The composition root: from settings, one HTTP endpoint with its store, services, schedule and child processes."""

import errno
import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from glue_local.backend import (
    BOTOCORE_NAMES,
    CHECKED_SERVICES,
    LARGER_REQUESTS,
    REFUSED_SERVICES,
    TYPE_CHECKED_SERVICES,
    VIOLATION_CODES,
    backend,
    reset_too,
)
from glue_local.backend.contract import Hooks
from glue_local.children.supervisor import Child, Supervisor
from glue_local.client.clients import local
from glue_local.core.clock import Clock, system_clock
from glue_local.core.ids import Ids
from glue_local.core.memory import return_large_blocks
from glue_local.core.wsgi import Caller, WsgiApplication
from glue_local.crawl.loop import CrawlLoop
from glue_local.crawler_runs import CRAWL
from glue_local.data_directory import StartupError, announced, only_owner_of
from glue_local.eventbridge import loop as eventbridge
from glue_local.eventbridge.rules import RuleHooks, has_rules, restore_rules
from glue_local.eventbridge.schedules import ScheduleHooks, restore_schedules
from glue_local.orchestrate.loop import advance
from glue_local.query_executions import QUERY_EXECUTION, QUEUED
from glue_local.recorded_calls import count_s3_requests, record_calls
from glue_local.runs import JOB_RUN
from glue_local.runs.delay_events import emit_delays
from glue_local.runs.older_claims import rewrite_claims
from glue_local.schedule import Entry, Schedule
from glue_local.services import athena, firehose, glue
from glue_local.services import resourcegroupstaggingapi as tagging
from glue_local.services.context import Ask, Context
from glue_local.settings import Settings, inherited
from glue_local.store import Store, Unusable, kinds
from glue_local.wire.bodies import bound_bodies
from glue_local.wire.dispatch import service
from glue_local.wire.front import answer_services, check_requests, identify_caller, refuse_services, render_faults
from glue_local.wire.guard import refuse_foreign
from glue_local.wire.request_faults import find_request_faults
from glue_local.work import end_claims_of, expire
from glue_local.worker.isolation import egress
from glue_local.worker_api.api import PREFIX, private_api
from glue_local.worker_api.calls import Calls
from glue_local.worker_api.context import PrivateContext
from glue_local.worker_api.routes import ROUTES, Route
from glue_local.worker_api.s3_requests import S3Requests
from glue_local.worker_api.token_file import kept_token

STATE_FILE = "glue-local.sqlite"
CONTENT_FOLDER = "content"
_EMBEDDED = "embedded"
_CONTAINERS_GRACE = 30.0  # seconds
_QUERY = "query"
_TRIGGERS = "triggers"
_EVENTS = "events"
_CRAWLS = "crawls"
_CRAWL_LOOPS = 2
WORK = (JOB_RUN, QUERY_EXECUTION)
"""The kinds of work that workers claim."""


class Server:
    """One running endpoint; use it as a context manager.

    With ``settings.port`` 0 it listens on a free port; ``port`` is its number.
    """

    def __init__(self, settings: Settings, clock: Clock = system_clock, ids: Ids | None = None) -> None:
        self.settings = settings
        self._clock = clock
        self._ids = ids or Ids()
        self._clients: dict[tuple[object, ...], Any] = {}
        self._making_clients = threading.Lock()
        self._stack = ExitStack()
        self._stopping = False

    def __enter__(self) -> "Server":
        return_large_blocks()
        with ExitStack() as undo:
            self._check_egress()
            undo.enter_context(only_owner_of(self.settings.data_dir))
            self._backend = backend(self.settings.upstream, self.settings.data_dir / CONTENT_FOLDER)
            listening = _listening(self.settings.host, self.settings.port, self._backend.request_handler)
            self._http = undo.enter_context(listening)
            self.port = self._http.port
            self.store = _opened(self.settings.data_dir / STATE_FILE)
            undo.callback(self.store.close)
            self.private = PrivateContext(self.store, self._clock, self._ids, self._token())
            rewrite_claims(self.store)
            # Crawls run in the server's own process, so they have no heartbeats.
            end_claims_of(self.private, (*WORK, CRAWL), _EMBEDDED, "The server ended before this {noun} did.")
            self._supervisor = Supervisor(self._children(), self.settings.data_dir)
            self._http.app = self._application()
            undo.callback(self._backend.close)
            undo.enter_context(_thread(self._http.serve_forever, self._http.shutdown, "http"))
            restore_rules(self.private, self._client, self._rules)
            restore_schedules(self.private, self._client)
            self.schedule = Schedule(self._scheduled(), self._clock)
            self.store.on_state_change(partial(self.schedule.wake, _TRIGGERS))
            undo.enter_context(self.schedule)
            # On a thread of its own, since it calls the endpoint: a slow target does not delay triggers.
            self.events = Schedule([Entry(_EVENTS, 60.0, self.advance_events, first_after=0.0)], self._clock)
            self.store.on_state_change(partial(self.events.wake, _EVENTS))
            undo.enter_context(self.events)
            for number in range(_CRAWL_LOOPS):
                self._start_crawl_loop(undo, number)
            self._supervisor.start()
            if self.store.in_state(kinds.QUERY, QUEUED):
                self._supervisor.demand(_QUERY)
            undo.callback(self._stop_children)
            undo.enter_context(announced(self.settings.data_dir, self.port))
            self._stack = undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _stop_children(self) -> None:
        self._stopping = True
        self._supervisor.close()

    def _start_crawl_loop(self, undo: ExitStack, number: int) -> None:
        loop = CrawlLoop(self.private, self._client, f"{_EMBEDDED}-{os.getpid()}-{_CRAWLS}-{number}")
        schedule = Schedule([Entry(_CRAWLS, 60.0, loop.advance, first_after=0.0)], self._clock)
        self.store.on_state_change(partial(schedule.wake, _CRAWLS))
        undo.enter_context(schedule)
        undo.callback(loop.close)

    @property
    def endpoint(self) -> str:
        """The URL for AWS clients."""
        return f"http://localhost:{self.port}"

    def status(self, _context: PrivateContext | None = None, _body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the data of ``glue-local status``: address, processes, and each stream's delivered records and error."""
        streams = {name: held for _, _, (name,), held in self.store.everywhere(kinds.CHECKPOINT)}
        return {
            "status": "running",
            "pid": os.getpid(),
            "endpoint": self.endpoint,
            "data_dir": str(self.settings.data_dir.resolve()),
            "upstream": self.settings.upstream,
            "children": self._supervisor.pids(),
            "delivered": {name: held["delivered"] for name, held in streams.items()},
            "troubled": {name: held["trouble"] for name, held in streams.items() if held.get("trouble")},
        }

    def _application(self) -> WsgiApplication:
        """Build the request chain, innermost first: a request enters at the last entry and falls through to the backend."""
        counted = S3Requests()
        more = (
            Route("GET", "/health", self.status, open=True),
            Route("GET", "/s3-requests", counted.totals, open=True),
        )
        private = private_api((*ROUTES, *more), self.private)
        ours = [
            service("glue", glue.NOUNS, glue.FAULT_CODES, glue.CHECK, self._emit_events),
            service("firehose", firehose.NOUNS, firehose.FAULT_CODES, firehose.CHECK),
            service("athena", athena.NOUNS, athena.FAULT_CODES, athena.CHECK),
            service("resourcegroupstaggingapi", tagging.NOUNS, tagging.FAULT_CODES, tagging.CHECK),
        ]
        chain: list[Callable[[WsgiApplication], WsgiApplication]] = [
            partial(find_request_faults, names=BOTOCORE_NAMES, codes=VIOLATION_CODES, new_id=self._ids.uuid),
            partial(render_faults, new_id=self._ids.uuid),
            partial(reset_too, reset=self.store.reset),
            partial(
                check_requests,
                names=CHECKED_SERVICES,
                by_type=TYPE_CHECKED_SERVICES,
                codes=VIOLATION_CODES,
                new_id=self._ids.uuid,
            ),
            partial(refuse_services, names=REFUSED_SERVICES, new_id=self._ids.uuid),
            partial(answer_services, services=ours, context_for=self._context, new_request_id=self._ids.uuid),
            partial(_under_prefix, prefix=PREFIX, application=private),
            partial(record_calls, note=Calls(self.store).note),
            partial(count_s3_requests, note=counted.note),
            partial(
                bound_bodies,
                larger=LARGER_REQUESTS,
                streams=self._backend.streams,
                names=BOTOCORE_NAMES,
                new_id=self._ids.uuid,
            ),
            partial(identify_caller, account=self.settings.account, region=self.settings.region),
            partial(refuse_foreign, allowed=self.settings.allowed_hosts, origins=self.settings.allowed_origins),
        ]
        self._rules = RuleHooks(self.private)
        hooks = Hooks(self._rules, ScheduleHooks(self.private, self._client))
        application = self._backend.application(self.port, hooks)
        for wrap in chain:
            application = wrap(application)
        return application

    def _context(self, who: Caller, backend: Ask) -> Context:
        if who.signed_service == "athena":
            # The engine takes seconds to start, so it starts with the first Athena request.
            self._supervisor.demand(_QUERY)
        return Context(
            self.store, self._clock, self._ids, who.account, who.region, backend, self._client, who.access_key
        )

    def _client(self, service: str, account: str, region: str, **limits: Any) -> Any:
        """Return an AWS client for the endpoint, cached."""
        key = (service, account, region, *limits.values())
        with self._making_clients:
            if key not in self._clients:
                url = self.settings.upstream or self.endpoint
                self._clients[key] = local(service, account=account, region=region, endpoint_url=url, **limits)
            return self._clients[key]

    def _check_egress(self) -> None:
        # Ignore endpoints in the server's environment: its children get other ones.
        endpoints = {"AWS_ENDPOINT_URL": self.settings.upstream, "GLUE_LOCAL_ENDPOINT": ""}
        environment = {**inherited(self.settings), **endpoints}
        try:
            if egress.is_asked_for(environment) and "containers" in self.settings.children:
                raise egress.CannotConfine(
                    f"{egress.VARIABLE}=none works with runs on this machine, not --runtime docker"
                )
            egress.check(environment)
        except egress.CannotConfine as reason:
            raise StartupError(str(reason)) from None

    def _children(self) -> list[Child]:
        known = {
            "worker": self.worker(),
            "containers": self._container_workers(),
            "delivery": Child("delivery", "glue_local.delivery", self.child_environment, lambda generation: None),
            _QUERY: self.query_worker(),
        }
        return [known[name] for name in self.settings.children]

    def worker(self) -> Child:
        """Return the worker process for a supervisor."""
        return Child("worker", "glue_local.worker", self.child_environment, self._worker_lost)

    def _container_workers(self) -> Child:
        # A busy Docker engine takes long to start a container, and one that is being started cannot be removed.
        return Child(
            "containers", "glue_local.containers", self.child_environment, self._worker_lost, grace=_CONTAINERS_GRACE
        )

    def query_worker(self) -> Child:
        """Return the process that runs queries for a supervisor, which starts it on demand."""
        return Child(_QUERY, "glue_local.query", self._query_environment, self._query_worker_lost, on_demand=True)

    def child_environment(self, generation: int) -> dict[str, str]:
        """Return the environment of a child process that is started for the n-th time."""
        return {
            **inherited(self.settings),
            "AWS_ENDPOINT_URL": self.settings.upstream or self.endpoint,
            "GLUE_LOCAL_ENDPOINT": self.endpoint,
            "GLUE_LOCAL_TOKEN": self.private.bearer,
            "GLUE_LOCAL_DATA_DIR": str(self.settings.data_dir.resolve()),
            "GLUE_LOCAL_ACCOUNT": self.settings.account,
            "GLUE_LOCAL_REGION": self.settings.region,
            "GLUE_LOCAL_WORKER": self._worker_name(generation),
        }

    def _query_environment(self, generation: int) -> dict[str, str]:
        return {
            **self.child_environment(generation),
            "GLUE_LOCAL_WORKER": self._query_worker_name(generation),
            "GLUE_LOCAL_TRINO": self.settings.trino,
            "GLUE_LOCAL_TRINO_MEMORY": str(self.settings.trino_memory),
            "GLUE_LOCAL_QUERIES": str(self.settings.queries),
        }

    def _query_worker_name(self, generation: int) -> str:
        return f"{_EMBEDDED}-{os.getpid()}-{_QUERY}-{generation}"

    def _query_worker_lost(self, generation: int) -> None:
        end_claims_of(self.private, WORK, self._query_worker_name(generation), self._reason("query worker"))

    def _token(self) -> str:
        path = self.settings.token_file
        return kept_token(path, self._ids.token) if path else self._ids.token()

    def _scheduled(self) -> list[Entry]:
        """List the periodic tasks of the server with their intervals in seconds."""
        return [
            # Workers could not send heartbeats while no server was running: wait for one timeout first.
            Entry("lost workers", 1.0, self._expire_claims, first_after=self.settings.heartbeat_timeout),
            # It is woken when a run ends or a trigger changes, and at the time of the next trigger.
            Entry(_TRIGGERS, 60.0, lambda now: advance(self.private), first_after=0.0),
            # NotifyDelayAfter is in minutes. Not with the events, which are processed after each change: it reads all active runs.
            Entry("delayed runs", 60.0, lambda now: emit_delays(self.private)),
        ]

    def advance_events(self, now: float) -> float | None:
        """Process events, rules and schedules that are due; return the time of the next one, if it is known."""
        return eventbridge.advance(self.private, partial(self._client, **eventbridge.LIMITS), self._has_rules)

    def _emit_events(self, ctx: Context, operation: str, request: dict[str, Any], response: Mapping[str, Any]) -> None:
        # Loading a table's partitions should not take longer if nobody listens.
        if self._has_rules(ctx.account, ctx.region):
            glue.AFTER(ctx, operation, request, response)

    def _has_rules(self, account: str, region: str) -> bool:
        return not self._backend.matches_rules or has_rules(self.private, account, region)

    def _expire_claims(self, now: float) -> None:
        expire(self.private, WORK, self.settings.heartbeat_timeout)

    def _worker_name(self, generation: int) -> str:
        return f"{_EMBEDDED}-{os.getpid()}-{generation}"

    def _worker_lost(self, generation: int) -> None:
        end_claims_of(self.private, WORK, self._worker_name(generation), self._reason("worker process"))

    def _reason(self, process: str) -> str:
        """Return why work of a process that has ended did not end, with the place of its ``{noun}``."""
        if self._stopping:
            return "The server was stopped before this {noun} ended."
        return f"The {process} of this {{noun}} died."


def _under_prefix(otherwise: WsgiApplication, prefix: str, application: WsgiApplication) -> WsgiApplication:
    def choose(environ: dict[str, Any], start_response: Any) -> Any:
        chosen = application if environ.get("PATH_INFO", "").startswith(prefix + "/") else otherwise
        return chosen(environ, start_response)

    return choose


def _opened(state: Path) -> Store:
    try:
        return Store.open(state)
    except Unusable as unusable:
        raise StartupError(str(unusable)) from None


@contextmanager
def _listening(host: str, port: int, handler: type[WSGIRequestHandler]) -> Iterator[BaseWSGIServer]:
    try:
        listener = socket.create_server((host, port), backlog=128)
    except OverflowError:
        raise StartupError(f"invalid port {port}: choose 1-65535 with --port") from None
    except OSError as error:
        raise StartupError(_cannot_listen(host, port, error.errno or 0)) from None
    with listener:
        # The application is created later, because its parts need the port.
        http = make_server(
            host, port, _unavailable, threaded=True, request_handler=_quiet(handler), fd=listener.fileno()
        )
        try:
            yield http
        finally:
            http.server_close()


def _cannot_listen(host: str, port: int, number: int) -> str:
    if number == errno.EADDRINUSE:
        return f"port {port} is already in use: stop the program that uses it, or choose another with --port"
    return f"cannot listen on {host}, port {port} ({os.strerror(number)}): choose another port with --port"


def _quiet(handler: type[WSGIRequestHandler]) -> type[WSGIRequestHandler]:
    """Return the handler without its log line per request: a pipeline makes thousands of requests."""
    return type("QuietHandler", (handler,), {"log_request": lambda self, code="-", size="-": None})


def _unavailable(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("503 SERVICE UNAVAILABLE", [])
    return []


@contextmanager
def _thread(run: Callable[[], None], stop: Callable[[], None], name: str) -> Iterator[None]:
    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop()
        thread.join()
