"""A process of a run: it has its own process group and folder, and is ended with its child processes."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from glue_local.worker.isolation.marked_processes import RUN_FOLDER, end_marked
from glue_local.worker.run_folder import RunFolder


class CannotStart(Exception):
    """A run cannot start; the message is the run's error message."""


class Running(Protocol):
    """The executor of a run: a Python process or a Spark driver."""

    folder: RunFolder

    def go_on(self) -> None:
        """Signal it to take its next step."""

    def exit_code(self) -> int | None:
        """Return the exit code of the script's process, negative for a signal; None while it runs."""

    def end(self, grace: float = 0.0) -> None:
        """End it with its child processes: SIGTERM first if there is a grace period in seconds, then SIGKILL."""


class RunProcess:
    """A process with its own group and folder; its child processes end with it."""

    def __init__(
        self, module: str, folder: RunFolder, environment: Mapping[str, str], marker: tuple[str, str] | None = None
    ) -> None:
        self.folder = folder
        self._marker = marker or (RUN_FOLDER, str(folder.path))
        with folder.stdout.open("ab") as stdout, folder.stderr.open("ab") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, "-u", "-m", module, str(folder.path)],
                cwd=folder.work,
                env={**environment, RUN_FOLDER: str(folder.path), **dict([self._marker])},
                stdin=subprocess.PIPE,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id, which is also the group's."""
        return self._process.pid

    def go_on(self) -> None:
        """Signal the process to take its next step."""
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(b"go\n")
                self._process.stdin.flush()

    def exit_code(self) -> int | None:
        """Return the exit code, negative for a signal; None while the process runs."""
        return self._process.poll()

    def end(self, grace: float = 0.0) -> None:
        """End the whole group: SIGTERM first if there is a grace period in seconds, then SIGKILL."""
        if grace and self.exit_code() is None:
            self._signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(grace)
        self._signal(signal.SIGKILL)
        self._process.wait()
        name, value = self._marker
        end_marked(name, lambda found: found == value)
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)


def await_file(file: Path, is_alive: Callable[[], bool], seconds: float) -> bool:
    """Wait until a process has created a file; False if it ended first or takes longer than ``seconds``."""
    end = time.monotonic() + seconds
    while not file.exists():
        if not is_alive() or time.monotonic() > end:
            return file.exists()
        time.sleep(0.005)
    return True
