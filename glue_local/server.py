"""The composition root: settings in, one HTTP endpoint with its store, services and child processes out."""

import fcntl
import json
import os
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from glue_local.backend import PRETENDED, backend, reset_too
from glue_local.core.clock import Clock, system_clock
from glue_local.core.ids import Ids
from glue_local.core.wsgi import Caller, WsgiApplication
from glue_local.private.api import PREFIX, private_api
from glue_local.private.calls import Calls
from glue_local.private.context import PrivateContext
from glue_local.private.routes import ROUTES, Route
from glue_local.private.runs import end_claims_of, expire_claims
from glue_local.private.token import kept_token
from glue_local.services import firehose, glue
from glue_local.services.context import Context
from glue_local.settings import LOCK_FILE, PROCESS_FILE, Settings
from glue_local.store import Store, Unusable, kinds
from glue_local.supervise import Child, Supervisor
from glue_local.wire.calls import record_calls
from glue_local.wire.dispatch import service
from glue_local.wire.front import answer_services, identify_caller, refuse_services, tell_faults
from glue_local.wire.guard import refuse_foreign

STATE_FILE = "glue-local.sqlite"
_EMBEDDED = "embedded"


class StartupError(Exception):
    """The server cannot start; the message names the reason and the fix, in one line."""


class Server:
    """One running endpoint; use it as a context manager.

    ``settings.port`` 0 takes a free port, which ``port`` then tells.
    """

    def __init__(self, settings: Settings, clock: Clock = system_clock, ids: Ids | None = None) -> None:
        self.settings = settings
        self._clock = clock
        self._ids = ids or Ids()
        self._stack = ExitStack()

    def __enter__(self) -> "Server":
        with ExitStack() as undo:
            undo.enter_context(_only_owner_of(self.settings.data_dir))
            self._backend = backend(self.settings.upstream)
            listening = _listening(self.settings.host, self.settings.port, self._backend.request_handler)
            self._http = undo.enter_context(listening)
            self.port = self._http.port
            self.store = _opened(self.settings.data_dir / STATE_FILE)
            undo.callback(self.store.close)
            self.private = PrivateContext(self.store, self._clock, self._ids, self._token())
            end_claims_of(self.private, _EMBEDDED, "The server that ran this job ended before the run did.")
            self._supervisor = Supervisor(self._children(), self.settings.data_dir)
            self._http.app = self._application()
            undo.callback(self._backend.close)
            undo.enter_context(_thread(self._http.serve_forever, self._http.shutdown, "http"))
            undo.enter_context(_sweeping(self._expire_claims, self.settings.heartbeat_timeout))
            self._supervisor.start()
            undo.callback(self._supervisor.close)
            undo.enter_context(_announced(self.settings.data_dir, self.port))
            self._stack = undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def endpoint(self) -> str:
        """The URL AWS clients are given."""
        return f"http://localhost:{self.port}"

    def status(self, _context: PrivateContext | None = None, _body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return what ``glue-local status`` shows: where it is, its processes, records delivered and troubles by stream."""
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
        """The request chain, innermost first: a request comes in at the last and falls through to the backend."""
        private = private_api((*ROUTES, Route("GET", "/health", self.status, for_runs=True)), self.private)
        ours = [
            service("glue", glue.NOUNS, glue.FAULT_CODES, glue.CHECK),
            service("firehose", firehose.NOUNS, firehose.FAULT_CODES, firehose.CHECK),
        ]
        chain: list[Callable[[WsgiApplication], WsgiApplication]] = [
            partial(tell_faults, new_id=self._ids.uuid),
            partial(reset_too, reset=self.store.reset),
            partial(refuse_services, names=PRETENDED, new_id=self._ids.uuid),
            partial(answer_services, services=ours, context_for=self._context, new_request_id=self._ids.uuid),
            partial(_under_prefix, prefix=PREFIX, application=private),
            partial(record_calls, note=Calls(self.store).note),
            partial(identify_caller, account=self.settings.account, region=self.settings.region),
            partial(refuse_foreign, allowed=self.settings.allowed_hosts, origins=self.settings.allowed_origins),
        ]
        application = self._backend.application(self.port)
        for wrap in chain:
            application = wrap(application)
        return application

    def _context(self, who: Caller) -> Context:
        return Context(self.store, self._clock, self._ids, who.account, who.region)

    def _children(self) -> list[Child]:
        known = {
            "worker": self.worker(),
            "containers": Child("containers", "glue_local.containers", self.child_environment, self._worker_lost),
            "delivery": Child("delivery", "glue_local.delivery", self.child_environment, lambda life: None),
        }
        return [known[name] for name in self.settings.children]

    def worker(self) -> Child:
        """Return the worker as a supervisor starts it."""
        return Child("worker", "glue_local.worker", self.child_environment, self._worker_lost)

    def child_environment(self, life: int) -> dict[str, str]:
        """Return the environment of a child in its n-th life."""
        return {
            **os.environ,
            **self.settings.child_environment,
            "AWS_ENDPOINT_URL": self.settings.upstream or self.endpoint,
            "GLUE_LOCAL_ENDPOINT": self.endpoint,
            "GLUE_LOCAL_TOKEN": self.private.bearer,
            "GLUE_LOCAL_DATA_DIR": str(self.settings.data_dir.resolve()),
            "GLUE_LOCAL_ACCOUNT": self.settings.account,
            "GLUE_LOCAL_REGION": self.settings.region,
            "GLUE_LOCAL_WORKER": self._worker_name(life),
        }

    def _token(self) -> str:
        path = self.settings.token_file
        return kept_token(path, self._ids.token) if path else self._ids.token()

    def _expire_claims(self) -> int:
        return expire_claims(self.private, self.settings.heartbeat_timeout)

    def _worker_name(self, life: int) -> str:
        return f"{_EMBEDDED}-{os.getpid()}-{life}"

    def _worker_lost(self, life: int) -> None:
        end_claims_of(self.private, self._worker_name(life), "The worker process that ran this job died.")


def _under_prefix(otherwise: WsgiApplication, prefix: str, application: WsgiApplication) -> WsgiApplication:
    def choose(environ: dict[str, Any], start_response: Any) -> Any:
        chosen = application if environ.get("PATH_INFO", "").startswith(prefix + "/") else otherwise
        return chosen(environ, start_response)

    return choose


@contextmanager
def _only_owner_of(data_dir: Path) -> Iterator[None]:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        # Not "w": that would empty the lock of a server that runs.
        opened = (data_dir / LOCK_FILE).open("a")
    except OSError as error:
        raise StartupError(
            f"the data directory {data_dir} cannot be used ({os.strerror(error.errno or 0)}): choose another with --data-dir"
        ) from None
    with opened as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartupError(
                f"another glue-local already runs on the data directory {data_dir}:"
                " stop it with `glue-local down`, or give this one its own --data-dir"
            ) from None
        yield


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
        raise StartupError(f"port {port} is none: choose one from 1 to 65535 with --port") from None
    except OSError as error:
        raise StartupError(
            f"port {port} cannot be had ({os.strerror(error.errno or 0)}): stop the program that has it, or choose another with --port"
        ) from None
    with listener:
        # Without an application yet: its parts want to know the port.
        http = make_server(host, port, _nothing, threaded=True, request_handler=_quiet(handler), fd=listener.fileno())
        try:
            yield http
        finally:
            http.server_close()


def _quiet(handler: type[WSGIRequestHandler]) -> type[WSGIRequestHandler]:
    """Return the handler, saying nothing of every request: a pipeline makes thousands."""
    return type("QuietHandler", (handler,), {"log_request": lambda self, code="-", size="-": None})


def _nothing(environ: dict[str, Any], start_response: Any) -> list[bytes]:
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


@contextmanager
def _sweeping(sweep: Callable[[], Any], grace: float) -> Iterator[None]:
    stopping = threading.Event()

    def loop() -> None:
        # While no server ran no worker could give a sign of life; those that live have this long to give one.
        stopping.wait(grace)
        while not stopping.wait(1.0):
            try:
                sweep()
            except Exception:  # noqa: BLE001 - the next look may succeed; runs of lost workers would hang without any
                traceback.print_exc()

    with _thread(loop, stopping.set, "sweeper"):
        yield


@contextmanager
def _announced(data_dir: Path, port: int) -> Iterator[None]:
    announcement: Path = data_dir / PROCESS_FILE
    told = json.dumps({"pid": os.getpid(), "port": port})
    # Twice: who damages the announcement can still end the server.
    (data_dir / LOCK_FILE).write_text(told)
    with _replacing(announcement) as file:
        file.write(told)
    try:
        yield
    finally:
        announcement.unlink(missing_ok=True)


@contextmanager
def _replacing(path: Path) -> Iterator[IO[str]]:
    draft = path.with_suffix(".draft")
    with draft.open("w") as file:
        yield file
    draft.replace(path)
