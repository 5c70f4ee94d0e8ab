"""The supervisor of child processes: start, watch and restart them, and stop them with the server."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

_LONGEST_PAUSE = 10.0


@dataclass(frozen=True)
class Child:
    """A process to keep running."""

    name: str
    module: str
    environment: Callable[[int], Mapping[str, str]]
    """Returns the environment for the n-th start."""
    lost: Callable[[int], None]
    """Called with n when the process of the n-th start has ended, before the next start."""
    on_demand: bool = False
    """Whether it only starts on demand; from then on it is kept running like the others."""
    grace: float = 8.0
    """Seconds between SIGTERM and SIGKILL."""


class Supervisor:
    """Keeps child processes running until it is closed.

    A child's standard input is a pipe without data: it closes when this process ends for any reason. Children write to ``<log_dir>/<name>.log``.
    """

    def __init__(self, children: list[Child], log_dir: Path) -> None:
        self._log_dir = log_dir
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._threads = {
            child.name: threading.Thread(target=self._keep, args=(child,), name=child.name) for child in children
        }
        self._waiting = {child.name for child in children if child.on_demand}

    def start(self) -> None:
        """Start every child that is not on demand, each watched by a thread."""
        for name, thread in self._threads.items():
            if name not in self._waiting:
                thread.start()

    def demand(self, name: str) -> None:
        """Start an on-demand child; does nothing if it was demanded before or does not exist."""
        with self._lock:
            if name in self._waiting and not self._closing.is_set():
                self._waiting.remove(name)
                self._threads[name].start()

    def pids(self) -> dict[str, int]:
        """Return the process ids of the running children by name."""
        with self._lock:
            return {name: process.pid for name, process in self._processes.items() if process.poll() is None}

    def close(self) -> None:
        """Stop the children: close their input and send SIGTERM, and kill those that are still running after a grace period."""
        with self._lock:
            self._closing.set()
            for process in self._processes.values():
                _terminate(process)
        for name, thread in self._threads.items():
            if name not in self._waiting:
                thread.join()

    def _keep(self, child: Child) -> None:
        pause = 0.2
        for generation in count(1):
            began = time.monotonic()
            process = self._spawn(child, generation)
            if process is None:
                return
            self._wait(process, child.grace)
            child.lost(generation)
            # A child that fails at its start would otherwise be started hundreds of times a minute.
            pause = 0.2 if time.monotonic() - began > _LONGEST_PAUSE else min(2 * pause, _LONGEST_PAUSE)
            if self._closing.wait(pause):
                return

    def _spawn(self, child: Child, generation: int) -> "subprocess.Popen[bytes] | None":
        with self._lock:
            if self._closing.is_set():
                return None
            with (self._log_dir / f"{child.name}.log").open("ab") as log:
                process = subprocess.Popen(
                    [sys.executable, "-m", child.module],
                    env={**child.environment(generation), "GLUE_LOCAL_ENDS_WITH_INPUT": "true"},
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    # On Ctrl-C the server stops its children in order; the terminal must not signal them as well.
                    start_new_session=True,
                )
            self._processes[child.name] = process
            return process

    def _wait(self, process: "subprocess.Popen[bytes]", grace: float) -> None:
        while process.poll() is None and not self._closing.is_set():
            try:
                process.wait(0.2)
            except subprocess.TimeoutExpired:
                continue
        if self._closing.is_set():
            try:
                process.wait(grace)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        _close_input(process)


def _terminate(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        _close_input(process)
        process.terminate()


def _close_input(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin:
        process.stdin.close()
