"""The server's own child processes: started, watched, started again, ended with their server."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

_LONGEST_PAUSE = 10.0
_GRACE = 8.0


@dataclass(frozen=True)
class Child:
    """A process to keep running: its name, its module, and the environment of its n-th life."""

    name: str
    module: str
    environment: Callable[[int], Mapping[str, str]]
    lost: Callable[[int], None]
    """Called with n when the n-th life ended, before the next begins."""


class Supervisor:
    """Keeps children alive until it is closed.

    A child's standard input is a pipe that nobody writes to: its end tells the child that this process is gone,
    however it went. Children write to ``<log_dir>/<name>.log``.
    """

    def __init__(self, children: list[Child], log_dir: Path) -> None:
        self._log_dir = log_dir
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._threads = [threading.Thread(target=self._keep, args=(child,), name=child.name) for child in children]

    def start(self) -> None:
        """Start every child, each watched by a thread."""
        for thread in self._threads:
            thread.start()

    def pids(self) -> dict[str, int]:
        """Return the process id of every running child by name."""
        with self._lock:
            return {name: process.pid for name, process in self._processes.items() if process.poll() is None}

    def close(self) -> None:
        """End the children: asked first (their input ends, SIGTERM), killed after a grace time."""
        with self._lock:
            self._closing.set()
            for process in self._processes.values():
                _ask_to_end(process)
        for thread in self._threads:
            thread.join()

    def _keep(self, child: Child) -> None:
        pause = 0.2
        for life in count(1):
            began = time.monotonic()
            process = self._spawn(child, life)
            if process is None:
                return
            self._wait(process)
            child.lost(life)
            # A child that dies at once would otherwise be started hundreds of times a minute.
            pause = 0.2 if time.monotonic() - began > _LONGEST_PAUSE else min(2 * pause, _LONGEST_PAUSE)
            if self._closing.wait(pause):
                return

    def _spawn(self, child: Child, life: int) -> "subprocess.Popen[bytes] | None":
        with self._lock:
            if self._closing.is_set():
                return None
            with (self._log_dir / f"{child.name}.log").open("ab") as log:
                process = subprocess.Popen(
                    [sys.executable, "-m", child.module],
                    env={**child.environment(life), "GLUE_LOCAL_ENDS_WITH_INPUT": "true"},
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    # Ctrl-C in the terminal is the server's to handle; it then ends its children in order.
                    start_new_session=True,
                )
            self._processes[child.name] = process
            return process

    def _wait(self, process: "subprocess.Popen[bytes]") -> None:
        while process.poll() is None and not self._closing.is_set():
            try:
                process.wait(0.2)
            except subprocess.TimeoutExpired:
                continue
        if self._closing.is_set():
            try:
                process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        _close_input(process)


def _ask_to_end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        _close_input(process)
        process.terminate()


def _close_input(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin:
        process.stdin.close()
