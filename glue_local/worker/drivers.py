"""Processes that runs execute in, and the pool of those that are warm."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Mapping
from pathlib import Path

from glue_local.worker.run_folder import RunFolder
from glue_local.worker.surroundings import Surroundings


class RunProcess:
    """A process of its own group in its own folder; what it starts ends with it."""

    def __init__(self, module: str, folder: RunFolder, environment: Mapping[str, str]) -> None:
        self.folder = folder
        with folder.stdout.open("ab") as stdout, folder.stderr.open("ab") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, "-u", "-m", module, str(folder.path)],
                cwd=folder.work,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id, which is that of its group too."""
        return self._process.pid

    def give_order(self) -> None:
        """Tell a waiting driver that its order lies in the folder."""
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(b"go\n")
                self._process.stdin.flush()

    def exit_code(self) -> int | None:
        """Return the exit code, negative for a signal; None while the process runs."""
        return self._process.poll()

    def is_ready(self) -> bool:
        """Tell whether a driver is warm and waiting."""
        return self.folder.ready.exists() and self.exit_code() is None

    def end(self, grace: float = 0.0) -> None:
        """End the whole group: asked first where there is a grace time in seconds, then killed."""
        if grace and self.exit_code() is None:
            self._signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(grace)
        self._signal(signal.SIGKILL)
        self._process.wait()
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)


class Drivers:
    """Starts Spark drivers, keeps some warm, and hands each out once."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._home = surroundings.data_dir / "runs"
        self._lock = threading.Lock()
        self._warm: list[RunProcess] = []
        self._closed = False

    def new_folder(self) -> RunFolder:
        """Return a fresh folder for one run."""
        return RunFolder(self._home / uuid.uuid4().hex).create()

    def fill(self) -> None:
        """Start warming drivers until as many as wanted are warm or on their way."""
        with self._lock:
            self._warm = [driver for driver in self._warm if driver.exit_code() is None]
            while not self._closed and len(self._warm) < self._surroundings.warm_drivers:
                self._warm.append(self.start({}, []))

    def take(self) -> RunProcess:
        """Return a driver that is warm, or will be soonest; a new one where none is on its way."""
        with self._lock:
            alive = [driver for driver in self._warm if driver.exit_code() is None]
            chosen = next((driver for driver in alive if driver.is_ready()), alive[0] if alive else None)
            self._warm = [driver for driver in alive if driver is not chosen]
        return chosen or self.start({}, [])

    def start(self, settings: Mapping[str, str], extra_jars: list[str], folder: RunFolder | None = None) -> RunProcess:
        """Start a driver whose JVM has these settings and jars from its beginning."""
        folder = folder or self.new_folder()
        environment = self._surroundings.spark_environment(folder.path, settings, extra_jars)
        return RunProcess("glue_local.worker.driver", folder, environment)

    def start_shell(self, folder: RunFolder) -> RunProcess:
        """Start the process of a python shell run on its order."""
        return RunProcess("glue_local.worker.shell", folder, self._surroundings.process_environment())

    def close(self) -> None:
        """End the warm drivers and start no more."""
        with self._lock:
            self._closed = True
            for driver in self._warm:
                driver.end()
                driver.folder.remove()


def await_file(driver: RunProcess, file: Path, seconds: float = 120.0) -> bool:
    """Wait until a driver has made a file; False when it ended before, or has not within ``seconds``."""
    end = time.monotonic() + seconds
    while not file.exists():
        if driver.exit_code() is not None or time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


def folders_left(data_dir: Path) -> list[Path]:
    """Return the run folders that an earlier worker did not remove."""
    home = data_dir / "runs"
    return list(home.iterdir()) if home.exists() else []
