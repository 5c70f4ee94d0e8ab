"""The engine for queries: start it on demand and create the catalogs of their account."""

import shutil
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from glue_local.prerequisites import Unmet
from glue_local.query.engine.catalogs import Place, create, name_of, properties
from glue_local.query.engine.client import Execution, run
from glue_local.query.engine.installation import install
from glue_local.query.engine.process import EngineDied, Process, is_ready, node_id
from glue_local.query.failure import SYSTEM, QueryFailed

_GRACE = 5.0
_POLL = 0.2

Say = Callable[[str], None]


@dataclass(frozen=True)
class EngineSettings:
    """The engine's installation, work folder and memory; or the URL of an external engine."""

    cache: Path
    home: Path
    memory: int
    default: Place
    external: str = ""
    patience: float = 60.0
    """Seconds to wait for an external engine that is starting."""


class Engine:
    """Starts the engine on first use, and again after it died. Thread-safe."""

    def __init__(self, settings: EngineSettings, say: Say) -> None:
        self._settings, self._say = settings, say
        self._lock = threading.Lock()
        self._process: Process | None = None
        self._catalogs: set[str] = set()
        self._node = ""
        self._ending = threading.Event()

    def url(self) -> str:
        """Wait until the engine responds and return its URL; raises QueryFailed if it does not start."""
        with self._lock:
            if self._settings.external:
                return self._reached()
            if self._process is None or not self._process.alive():
                self._start()
            assert self._process is not None
            return self._process.url

    def catalog(self, account: str, region: str) -> str:
        """Return the catalog name of an account and region; creates the catalog in the engine if needed."""
        place = Place(self._settings.default.endpoint, account, region)
        name, url = name_of(place, self._settings.default), self.url()
        with self._lock:
            if self._settings.external and (node := node_id(url)) != self._node:
                # A new container has none of the catalogs that were created in the previous one.
                self._node, self._catalogs = node, set()
            if name not in self._catalogs:
                there = {row[0] for row in run(Execution(url, "SHOW CATALOGS", "system", "runtime"))}
                for statement in create(name, place) if name not in there else ():
                    run(Execution(url, statement, "system", "runtime"))
                self._catalogs.add(name)
        return name

    def close(self) -> None:
        """Stop the engine if it runs; an external engine keeps running."""
        self._ending.set()
        # With a timeout: another thread may be downloading the engine; what it starts ends with this process.
        if self._lock.acquire(timeout=_GRACE):
            try:
                if self._process:
                    self._process.close()
            finally:
                self._lock.release()

    def _reached(self) -> str:
        url, end = self._settings.external, time.monotonic() + self._settings.patience
        while not is_ready(url):
            # A container that is not there has no name; one that starts does not listen yet.
            if not _has_address(url) or time.monotonic() > end or self._ending.wait(_POLL):
                raise _unavailable(f"Trino does not respond at {url}: start it, or unset GLUE_LOCAL_TRINO")
        return url

    def _start(self) -> None:
        if self._ending.is_set():
            raise _unavailable("glue-local is stopping")
        default = self._settings.default
        name = name_of(default, default)
        try:
            kept = install(self._settings.cache, self._say)
            shutil.rmtree(self._settings.home, ignore_errors=True)
            self._settings.home.mkdir(parents=True)
            self._say("starting Trino")
            process = Process(kept, self._settings.home, self._settings.memory, properties(name, default))
        except (Unmet, OSError) as problem:
            raise _unavailable(str(problem)) from None
        try:
            process.await_ready(self._ending.is_set)
        except EngineDied as died:
            process.close()
            raise _unavailable(f"Trino did not start: {died}") from None
        self._process, self._catalogs = process, {name}
        self._say(f"Trino is ready at {process.url}")


def _has_address(url: str) -> bool:
    try:
        return bool(socket.getaddrinfo(urlsplit(url).hostname, None))
    except OSError:
        return False


def _unavailable(why: str) -> QueryFailed:
    return QueryFailed(f"GENERIC_INTERNAL_ERROR: {why}", category=SYSTEM, error_type=200, retryable=True)
