"""Processes that runs execute in, and the pool of those that are warm."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from glue_local.worker.executors import Executors
from glue_local.worker.log import say
from glue_local.worker.run_folder import RunFolder
from glue_local.worker.spark_environment import spark_environment
from glue_local.worker.surroundings import Surroundings

_LOOK = 0.25
_QUIET = 1.0  # seconds: the next step of a workflow begins sooner
_LONG_RUN, _LONG_RUN_WITHOUT_SPARE = 60.0, 5.0  # seconds
_AFTER_A_DEATH = 10.0  # seconds
_NAMES_LAST = 5.0  # seconds


class CannotStart(Exception):
    """What keeps a run from starting; the message is the run's error message."""


# Inherited by whatever a run's processes start: how one that left the group for a session of its own is found.
_FOLDER = "GLUE_LOCAL_RUN_FOLDER"


class RunProcess:
    """A process of its own group in its own folder; what it starts ends with it."""

    def __init__(self, module: str, folder: RunFolder, environment: Mapping[str, str]) -> None:
        self.folder = folder
        with folder.stdout.open("ab") as stdout, folder.stderr.open("ab") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, "-u", "-m", module, str(folder.path)],
                cwd=folder.work,
                env={**environment, _FOLDER: str(folder.path)},
                stdin=subprocess.PIPE,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id, which is that of its group too."""
        return self._process.pid

    def go_on(self) -> None:
        """Tell the process to take its next step: a driver to prepare for its order, then any to run the script."""
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
        for pid in _with_environment(f"{_FOLDER}={self.folder.path}"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)


def _with_environment(entry: str) -> list[int]:
    """Return the processes that were started with an environment variable, where the system tells (Linux does)."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if entry.encode() in environ.read_bytes().split(b"\0"):
                found.append(int(environ.parent.name))
    return found


class Drivers:
    """Starts Spark drivers, keeps some warm, and hands each out once.

    Warming one up takes ten seconds of a core. So the place of one that was handed out is filled when no Spark run is
    under way, or when one takes so long that it may share the machine; sooner when no other is left.
    """

    def __init__(self, surroundings: Surroundings, clock: Callable[[], float] = time.monotonic) -> None:
        self._surroundings = surroundings
        self._home = surroundings.data_dir / "runs"
        self._clock = clock
        self._lock = threading.Lock()
        self._warm: list[RunProcess] = []
        self._handed_out: list[RunProcess] = []
        self._last_busy = self._last_handed_out = self._not_before = self._names_written = float("-inf")
        self._told: set[str] = set()
        self._expected = -1
        self._closed = threading.Event()

    def jars_of(self, table_format: str) -> str:
        """Return the class path of a table format; raises CannotStart where it is not here."""
        try:
            return self._surroundings.jars_of(table_format)
        except ValueError as error:
            raise CannotStart(str(error)) from None

    def new_folder(self) -> RunFolder:
        """Return a fresh folder for one run."""
        return RunFolder(self._home / uuid.uuid4().hex).create()

    @property
    def may_be_warm(self) -> bool:
        """Whether a driver can wait for its run: on a cluster it would keep executors that its run may not want."""
        return self._surroundings.local

    def executors(self, run: Mapping[str, Any]) -> Executors:
        """Return the executors on the cluster that a run's definition means; raises CannotStart."""
        try:
            return Executors.of(run, self._surroundings.cpu_scale, self._surroundings.memory_scale)
        except ValueError as problem:
            raise CannotStart(str(problem)) from None

    def expect(self, runs: int) -> None:
        """Keep none warm when no more runs are to come; a negative number is without end."""
        self._expected = runs

    def keep_warm(self) -> None:
        """Fill the pool whenever it is time to, until ``close``."""
        while not self._closed.is_set():
            try:
                self.fill()
                self._renew_names()
            except OSError as trouble:  # a disk that is full, say; runs tell of it too
                say(f"no driver can be kept warm: {trouble}")
                self._closed.wait(_AFTER_A_DEATH)
            self._closed.wait(_LOOK)

    def fill(self) -> None:
        """Start one driver if one is wanting, none is being warmed up, and no run would be slowed down by it."""
        with self._lock:
            self._bury_dead()
            self._handed_out = [driver for driver in self._handed_out if driver.exit_code() is None]
            now = self._clock()
            if self._handed_out:
                self._last_busy = now
            wanting = self.may_be_warm and self._expected != 0 and len(self._warm) < self._surroundings.warm_drivers
            warming = not all(driver.is_ready() for driver in self._warm)
            quiet, long_run = (_QUIET, _LONG_RUN) if self._warm else (0.0, _LONG_RUN_WITHOUT_SPARE)
            free = now - self._last_busy > quiet or now - self._last_handed_out > long_run
            if wanting and not warming and free and now >= self._not_before and not self._closed.is_set():
                self._warm.append(self._start({}, []))

    def _bury_dead(self) -> None:
        for driver in self._warm:
            if driver.exit_code() is not None:
                say(f"a driver ended while it was kept warm: {driver.folder.last_words()}")
                driver.folder.remove()
                self._not_before = self._clock() + _AFTER_A_DEATH
        self._warm = [driver for driver in self._warm if driver.exit_code() is None]

    def _renew_names(self) -> None:
        """Write the addresses of the names that a run may resolve anew: a server that starts again may move."""
        if self._clock() - self._names_written < _NAMES_LAST:
            return
        self._names_written = self._clock()
        with self._lock:
            alive = [driver for driver in (*self._warm, *self._handed_out) if driver.exit_code() is None]
        for driver in alive:
            with contextlib.suppress(FileNotFoundError):  # its run is over
                self._surroundings.resolvable().write(driver.folder.path)

    def tell(self, driver: RunProcess) -> None:
        """Say what a driver found its Spark to lack, once for all drivers: they share it."""
        for line in driver.folder.read_notes():
            if line not in self._told:
                self._told.add(line)
                say(line)

    def take(self) -> RunProcess:
        """Return a driver that is warm, or will be soonest; a new one where none is on its way."""
        with self._lock:
            alive = [driver for driver in self._warm if driver.exit_code() is None]
            chosen = next((driver for driver in alive if driver.is_ready()), alive[0] if alive else None)
            self._warm = [driver for driver in alive if driver is not chosen]
            return self._hand_out(chosen or self._start({}, []))

    def start(self, settings: Mapping[str, str], extra_jars: list[str], folder: RunFolder) -> RunProcess:
        """Start a driver whose JVM has these settings and jars from its beginning."""
        with self._lock:
            return self._hand_out(self._start(settings, extra_jars, folder))

    def _hand_out(self, driver: RunProcess) -> RunProcess:
        self._handed_out.append(driver)
        self._last_busy = self._last_handed_out = self._clock()
        return driver

    def _start(self, settings: Mapping[str, str], extra_jars: list[str], folder: RunFolder | None = None) -> RunProcess:
        folder = folder or self.new_folder()
        environment = spark_environment(self._surroundings, folder.path, settings, extra_jars)
        return RunProcess("glue_local.worker.driver", folder, environment)

    def start_shell(self, folder: RunFolder) -> RunProcess:
        """Start the process of a python shell run on its order."""
        return RunProcess("glue_local.worker.shell", folder, self._surroundings.process_environment())

    def close(self) -> None:
        """End the warm drivers and start no more."""
        with self._lock:
            self._closed.set()
            for driver in self._warm:
                driver.end()
                driver.folder.remove()


def await_file(driver: RunProcess, file: Path, seconds: float = 300.0) -> bool:
    """Wait until a driver has made a file; False when it ended before. Raises CannotStart after ``seconds``."""
    end = time.monotonic() + seconds
    while not file.exists():
        if driver.exit_code() is not None:
            return False
        if time.monotonic() > end:
            raise CannotStart(f"The Spark driver did not get ready within {seconds:g} seconds.")
        time.sleep(0.005)
    return True


def folders_left(data_dir: Path) -> list[Path]:
    """Return the run folders that an earlier worker did not remove."""
    home = data_dir / "runs"
    return list(home.iterdir()) if home.exists() else []
