"""Trino as a child process: start it, wait until it is ready, stop it with its parent process."""

import contextlib
import json
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from glue_local.prerequisites import trino

AOT_CACHE = "trino.aot"

# Standard input closes when the parent process ends for any reason; a JVM does not watch it, so a shell does.
_ENDS_WITH_INPUT = """
exec 3<&0
"$@" 3<&- </dev/null &
engine=$!
trap 'kill -TERM $engine' TERM
(cat <&3 >/dev/null; kill -KILL $engine) 2>/dev/null &
watcher=$!
wait $engine; wait $engine
kill $watcher 2>/dev/null
"""
_JVM = (
    "-XX:+UseSerialGC",
    "-Djdk.attach.allowAttachSelf=true",
    "-Dfile.encoding=UTF-8",
    "-XX:+ExitOnOutOfMemoryError",
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=ALL-UNNAMED",
)
_POLL = 0.1
# It is on this machine or in the same container network, which a proxy cannot reach.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_GRACE = 10.0


class EngineDied(Exception):
    """The engine ended; the message has the reason from its log."""


class Process:
    """One run of the engine, on a free loopback port.

    ``kept`` is the installation folder, ``home`` an empty folder for configuration, data and log.
    """

    def __init__(
        self,
        kept: Path,
        home: Path,
        memory: int,
        catalogs: Mapping[str, Mapping[str, str]],
        jvm: Sequence[str] = (),
    ) -> None:
        self._port = _free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._log = home / "trino.log"
        _configure(kept, home, self._port, memory, catalogs)
        cache = kept / AOT_CACHE
        command = [
            *("/bin/sh", "-c", _ENDS_WITH_INPUT, "trino", trino.java(kept), f"-Xmx{memory}m", *_JVM, *jvm),
            *((f"-XX:AOTCache={cache}",) if cache.exists() and not jvm else ()),
            f"-Dconfig={home / 'etc' / 'config.properties'}",
            f"-Dlog.levels-file={home / 'etc' / 'log.properties'}",
            *(f"-Dnode.{name}={value}" for name, value in _node(home).items()),
            *("-cp", f"{kept / 'lib'}/*", "io.trino.server.TrinoServer"),
        ]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=home, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
            )

    @property
    def pid(self) -> int:
        """The id of the process that stops the engine when standard input ends."""
        return self._process.pid

    def alive(self) -> bool:
        """Tell whether the engine is running."""
        return self._process.poll() is None

    def await_ready(self, ending: Callable[[], bool] = lambda: False) -> None:
        """Wait until the engine accepts queries; raises EngineDied if it ends first or ``ending`` returns True."""
        while not is_ready(self.url):
            if not self.alive():
                raise EngineDied(self.last_words())
            if ending():
                raise EngineDied("glue-local is stopping")
            time.sleep(_POLL)

    def last_words(self) -> str:
        """Return the reason from the log in one line."""
        lines = [line.strip() for line in self._log.read_text(errors="replace").splitlines()]
        telling = [line for line in lines if "\tERROR\t" in line or "Error" in line or line[:2] in ("1)", "2)")]
        return " ".join(telling[-3:] or lines[-1:]) or f"its log {self._log} is empty"

    def close(self, grace: float = _GRACE) -> None:
        """Stop the engine: terminate it, and kill it after a grace period in seconds."""
        if self.alive():
            self._process.terminate()
            # The end of its input kills an engine that is still running.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(grace)
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait()


def is_ready(url: str) -> bool:
    """Tell whether the engine at ``url`` responds and accepts queries."""
    try:
        with _DIRECT.open(f"{url}/v1/info", timeout=5) as answer:
            return not json.load(answer)["starting"]
    except (OSError, ValueError, KeyError):
        return False


def node_id(url: str) -> str:
    """Return the name of the node at ``url``, which in Trino's image is that of its container; empty if it does not respond."""
    try:
        with _DIRECT.open(f"{url}/v1/status", timeout=5) as answer:
            return str(json.load(answer)["nodeId"])
    except (OSError, ValueError, KeyError):
        return ""


def _node(home: Path) -> dict[str, str]:
    return {"environment": "glue", "id": "local", "data-dir": str(home / "data")}


def _configure(kept: Path, home: Path, port: int, memory: int, catalogs: Mapping[str, Mapping[str, str]]) -> None:
    config = {
        "coordinator": "true",
        "node-scheduler.include-coordinator": "true",
        "http-server.http.port": str(port),
        "node.bind-ip": "127.0.0.1",
        "node.internal-address": "127.0.0.1",
        "discovery.uri": f"http://127.0.0.1:{port}",
        "plugin.dir": str(kept / "plugin"),
        "query.max-memory-per-node": f"{memory // 2}MB",
        "memory.heap-headroom-per-node": f"{memory // 4}MB",
        # Athena's limit is 262 144 bytes, which the service checks; a rewritten statement may be longer.
        "query.max-length": "1000000",
        "query.max-history": "200",
        "query.min-expire-age": "30s",
        "catalog.management": "dynamic",
        "catalog.store": "file",
        "web-ui.enabled": "false",
    }
    _write(home / "etc" / "config.properties", config)
    _write(home / "etc" / "log.properties", {"io.trino": "WARN", "io.airlift": "WARN", "org": "ERROR"})
    (home / "etc" / "catalog").mkdir(exist_ok=True)
    for name, properties in catalogs.items():
        _write(home / "etc" / "catalog" / f"{name}.properties", properties)


def _write(file: Path, properties: Mapping[str, str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{name}={value}\n" for name, value in properties.items()))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
