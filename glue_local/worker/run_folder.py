"""The folder through which the agent and the process of a run talk: an order in, a result out, output beside."""

import json
import os
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Order:
    """What a process is to run: argv, Python paths in front, environment to add, Spark settings to apply, a debugger's port."""

    argv: list[str]
    python_path: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    executor_environment: dict[str, str] = field(default_factory=dict)
    """What the Python workers of its executors are told besides."""
    settings: dict[str, str] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    """SHA-256 of everything fetched to be executed, by file name; the script's under ``""``."""
    debug_port: int | None = None


@dataclass(frozen=True)
class Result:
    """How a script ended: ``error`` is None for a success; ``cold`` asks for a process started with the settings."""

    error: str | None = None
    cold: str | None = None


class RunFolder:
    """One run's folder: ``work`` is the script's current directory, ``files`` holds what was fetched for it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.work = path / "work"
        self.files = path / "files"
        self.stdout = path / "stdout.log"
        self.stderr = path / "stderr.log"
        self.ready = path / "ready"
        self.prepared = path / "prepared"
        self.notes = path / "notes"
        self.waiting = path / "waiting"
        self._order = path / "order.json"
        self._result = path / "result.json"

    def create(self) -> "RunFolder":
        """Make the folder, empty."""
        for folder in (self.work, self.files):
            folder.mkdir(parents=True)
        self.stdout.touch()
        self.stderr.touch()
        return self

    def forget_output(self, note: str) -> None:
        """Empty the output of the warm-up, which is not the run's, and begin the error output with ``note``.

        The process appends to both files, so its next line follows the note.
        """
        os.truncate(self.stdout, 0)
        self.stderr.write_text(note)

    def read_notes(self) -> list[str]:
        """Return what the process has to say to whoever keeps the worker, not to the run."""
        return self.notes.read_text().splitlines() if self.notes.exists() else []

    def last_words(self) -> str:
        """Return the last line of the error output."""
        lines = self.stderr.read_text(errors="replace").strip().splitlines() if self.stderr.exists() else []
        return lines[-1] if lines else "it said nothing"

    def remove(self) -> None:
        """Delete the folder and everything in it."""
        shutil.rmtree(self.path, ignore_errors=True)

    def write_order(self, order: Order) -> None:
        """Leave the order for the process."""
        _write(self._order, asdict(order))

    def read_order(self) -> Order:
        """Return the order that the agent left."""
        return Order(**json.loads(self._order.read_text()))

    def write_result(self, result: Result) -> None:
        """Leave the result for the agent; it is there as a whole or not at all."""
        _write(self._result, asdict(result))

    def read_result(self) -> Result | None:
        """Return what the process left, None if it ended without a word."""
        try:
            return Result(**json.loads(self._result.read_text()))
        except FileNotFoundError:
            return None


def _write(path: Path, document: dict[str, Any]) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(document))
    os.replace(draft, path)
