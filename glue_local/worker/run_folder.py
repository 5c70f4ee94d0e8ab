"""The folder through which the agent and a run's processes communicate: order, result, output."""

import contextlib
import json
import os
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from glue_local.core.files import replace_file


@dataclass(frozen=True)
class Order:
    """A process's instructions: argv, Python paths to prepend, environment to add, Spark settings, a debugger's port."""

    argv: list[str]
    python_path: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    executor_environment: dict[str, str] = field(default_factory=dict)
    """Additional environment of the Python workers."""
    settings: dict[str, str] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    """SHA-256 of everything fetched to be executed, by file name; the script's under ``""``."""
    debug_port: int | None = None
    metrics: bool = False
    """Whether to write what Spark counts."""
    event_log: bool = False
    """Whether Spark writes an event log, which is complete only when its context has been stopped."""


@dataclass(frozen=True)
class Result:
    """How a script ended: ``error`` is None for a success; ``cold`` asks for a process started with the settings."""

    error: str | None = None
    cold: str | None = None


@dataclass(frozen=True)
class Measured:
    """A run's metrics at a time in epoch seconds: totals since its start, and current values."""

    at: float
    counts: dict[str, float]
    gauges: dict[str, float]


class Gateway(NamedTuple):
    """The address where a driver's JVM listens for Python, and its secret."""

    port: int
    secret: str


class RunFolder:
    """One run's folder: ``work`` is the script's current directory, ``files`` has its downloaded files.

    A driver's folder is reused: ``jvm`` belongs to its JVM and stays, the rest is emptied.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.work = path / "work"
        self.files = path / "files"
        self.modules = path / "modules"
        self.jvm = path / "jvm"
        self.stdout = path / "stdout.log"
        self.stderr = path / "stderr.log"
        self.ready = path / "ready"
        self.prepared = path / "prepared"
        self.notes = path / "notes"
        self.waiting = path / "waiting"
        self.jvm_changed = path / "jvm-changed"
        self.event_logs = path / "event-logs"
        self._measured = path / "measured.json"
        self._order = path / "order.json"
        self._result = path / "result.json"

    def create(self) -> "RunFolder":
        """Create the empty folder."""
        for folder in (self.work, self.files, self.jvm):
            folder.mkdir(parents=True)
        self.stdout.touch()
        self.stderr.touch()
        return self

    def empty(self) -> None:
        """Remove everything that a run left; raises OSError if something cannot be removed."""
        for path in (self.ready, self.prepared, self.waiting, self._order, self._result, self._measured):
            path.unlink(missing_ok=True)
        for folder in (self.work, self.files, self.modules):
            empty_folder(folder)
        self.forget_output("")

    def forget_output(self, note: str) -> None:
        """Discard the output of the warm-up and start the error output with ``note``.

        The process appends to both files, so its next line follows the note.
        """
        os.truncate(self.stdout, 0)
        self.stderr.write_text(note)

    def write_ready(self, gateway: Gateway) -> None:
        """Signal that the JVM is ready, with its address."""
        _write(self.ready, gateway._asdict())

    def read_ready(self) -> Gateway | None:
        """Return the address of the JVM, None while it is not ready."""
        try:
            return Gateway(**json.loads(self.ready.read_text()))
        except FileNotFoundError:
            return None

    def has_order(self) -> bool:
        """Tell whether the agent has written an order."""
        return self._order.exists()

    def read_notes(self) -> list[str]:
        """Return the driver's messages for the worker's log, which are not about the run."""
        return self.notes.read_text().splitlines() if self.notes.exists() else []

    def last_words(self) -> str:
        """Return the last line of the error output."""
        lines = self.stderr.read_text(errors="replace").strip().splitlines() if self.stderr.exists() else []
        return lines[-1] if lines else "no output"

    def remove(self) -> None:
        """Delete the folder and everything in it."""
        shutil.rmtree(self.path, ignore_errors=True)

    def write_order(self, order: Order) -> None:
        """Write the order for the process."""
        _write(self._order, asdict(order))

    def read_order(self) -> Order:
        """Return the agent's order."""
        return Order(**json.loads(self._order.read_text()))

    def write_result(self, result: Result) -> None:
        """Write the result for the agent, atomically."""
        _write(self._result, asdict(result))

    def read_result(self) -> Result | None:
        """Return the result that the process wrote, None if it ended without one."""
        try:
            return Result(**json.loads(self._result.read_text()))
        except FileNotFoundError:
            return None

    def write_measured(self, measured: Measured) -> None:
        """Write the run's metrics for the agent, atomically."""
        _write(self._measured, asdict(measured))

    def read_measured(self) -> Measured | None:
        """Return the run's latest metrics, None if there are none."""
        try:
            return Measured(**json.loads(self._measured.read_text()))
        except FileNotFoundError:
            return None


def empty_folder(folder: Path) -> None:
    """Empty a folder without removing it: it may be a process's current directory."""
    with contextlib.suppress(FileNotFoundError):
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def _write(path: Path, document: dict[str, Any]) -> None:
    replace_file(path, json.dumps(document), 0o600)
