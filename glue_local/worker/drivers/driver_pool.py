"""The Spark drivers of a worker: some are kept warm, each executes one run at a time."""

import contextlib
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from glue_local.worker.drivers.class_archive_writer import ClassArchiveWriter, connector_jars
from glue_local.worker.drivers.driver import Driver
from glue_local.worker.drivers.run_process import CannotStart, Running, RunProcess
from glue_local.worker.jvm.class_archives import ClassArchives
from glue_local.worker.log import say
from glue_local.worker.run_folder import RunFolder
from glue_local.worker.settings import Settings
from glue_local.worker.spark.environment import spark_environment
from glue_local.worker.spark.executors import Executors

_LOOK = 0.25
_QUIET = 1.0  # seconds: the next step of a workflow begins sooner
_LONG_RUN, _LONG_RUN_WITHOUT_SPARE = 60.0, 5.0  # seconds
_AFTER_A_DEATH = 10.0  # seconds
_NAMES_LAST = 5.0  # seconds
_RENEWED_WITHIN = 60.0  # seconds
_IDLE = 10.0  # seconds without a run, before work that no run waits for
_OF_A_NEW_SESSION = ("spark.sql.catalog.", "spark.sql.extensions", "spark.sql.warehouse.dir")


class DriverPool:
    """Starts Spark drivers, keeps some warm, assigns them to runs, and reuses those whose run left no state.

    Warming one up takes ten seconds of a core. So a driver is started when no Spark run is in progress, or when one
    takes so long that it may share the machine; earlier if no other driver is left.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._home = settings.data_dir / "runs"
        self._clock = clock
        self._lock = threading.Lock()
        self._warm: list[Driver] = []
        self._handed_out: list[Driver] = []
        self._last_busy = self._last_handed_out = self._not_before = self._names_written = float("-inf")
        self._told: set[str] = set()
        self._refused: set[str] = set()
        self._expected = -1
        self._closed = threading.Event()
        self._archives = ClassArchives(settings.class_archives, settings.inherited)
        self._archive_writer = ClassArchiveWriter(settings, self._archives, yielding=True)

    def jars_of(self, table_format: str) -> str:
        """Return the class path of a table format; raises CannotStart if its jars are not installed."""
        try:
            return self._settings.jars_of(table_format)
        except ValueError as error:
            raise CannotStart(str(error)) from None

    def new_folder(self) -> RunFolder:
        """Return a fresh folder for one run."""
        return RunFolder(self._home / uuid.uuid4().hex).create()

    @property
    def may_be_warm(self) -> bool:
        """Whether drivers can be kept warm: on a cluster, one would occupy executors that its run may not need."""
        return self._settings.local

    def executors(self, run: Mapping[str, Any]) -> Executors:
        """Return the cluster executors that a run's definition asks for; raises CannotStart."""
        try:
            return Executors.of(run, self._settings.cpu_scale, self._settings.memory_scale)
        except ValueError as problem:
            raise CannotStart(str(problem)) from None

    def expect(self, runs: int) -> None:
        """Set how many more runs will come, negative for no limit; with 0 the pool keeps no driver warm."""
        self._expected = runs

    def keep_warm(self) -> None:
        """Fill the pool when needed, until ``close``."""
        while not self._closed.is_set():
            try:
                self.fill()
                self._renew_names()
                self._write_archive()
            except OSError as trouble:  # a full disk, for example; runs report it too
                say(f"cannot keep a driver warm: {trouble}")
                self._closed.wait(_AFTER_A_DEATH)
            self._closed.wait(_LOOK)

    def fill(self) -> None:
        """Start one driver if the pool lacks one, none is being warmed up, and no run would be slowed down by it."""
        with self._lock:
            self._remove_unusable()
            self._handed_out = [each for each in self._handed_out if each.exit_code() is None or each.is_reusable]
            now = self._clock()
            if any(driver.exit_code() is None for driver in self._handed_out):
                self._last_busy = now
            warming = not all(driver.is_ready() for driver in self._warm)
            quiet, long_run = (_QUIET, _LONG_RUN) if self._warm else (0.0, _LONG_RUN_WITHOUT_SPARE)
            free = now - self._last_busy > quiet or now - self._last_handed_out > long_run
            if self._lacks_one(now) and not warming and free and now >= self._not_before and not self._closed.is_set():
                self._warm.append(self._start())

    def _lacks_one(self, now: float) -> bool:
        if not self.may_be_warm or self._expected == 0 or len(self._warm) >= self._settings.warm_drivers:
            return False
        # Drivers of running runs will be returned, but not soon by a long run; more drivers than runs would waste memory.
        there = len(self._warm) + sum(driver.is_reusable for driver in self._handed_out)
        long = now - self._last_handed_out > _LONG_RUN
        return there < (max(self._settings.warm_drivers, self._settings.slots) if long else self._settings.warm_drivers)

    def _remove_unusable(self) -> None:
        for driver in tuple(self._warm):
            late = driver.is_renewed and not driver.is_ready() and driver.seconds_waited() > _RENEWED_WITHIN
            if driver.is_alive() and not late:
                continue
            self._warm.remove(driver)
            why = f"it was not ready within {_RENEWED_WITHIN:g} seconds" if late else driver.folder.last_words()
            say(f"a driver was removed from the pool: {why}")
            if not driver.is_renewed:
                self._not_before = self._clock() + _AFTER_A_DEATH
            driver.discard()

    def _renew_names(self) -> None:
        """Resolve the host names for runs again: a restarted server may have another address."""
        if self._clock() - self._names_written < _NAMES_LAST:
            return
        self._names_written = self._clock()
        with self._lock:
            alive = [driver for driver in (*self._warm, *self._handed_out) if driver.exit_code() is None]
        for driver in alive:
            with contextlib.suppress(FileNotFoundError):  # its run has ended
                self._settings.resolvable().write(driver.folder.path)

    def tell(self, driver: Running) -> None:
        """Log what a driver's Spark installation lacks, once for all drivers, which share it."""
        for line in driver.folder.read_notes():
            if line not in self._told:
                self._told.add(line)
                say(line)

    def take(self) -> Driver:
        """Return a ready driver, or the one that will be ready first; starts one if there is none."""
        with self._lock:
            alive = [driver for driver in self._warm if driver.is_alive()]
            # A reset takes a second or two.
            alive.sort(key=lambda driver: (not driver.is_ready(), not driver.is_renewed))
            return self._hand_out(alive[0] if alive else self._start())

    def refuses(self, key: str) -> bool:
        """Tell whether a setting is known to need a new JVM: a running session only accepts some Spark SQL settings."""
        return not key.startswith("spark.sql.") or key.startswith(_OF_A_NEW_SESSION) or key in self._refused

    def note_refused(self, key: str) -> None:
        """Remember that a running session did not accept a setting."""
        self._refused.add(key)

    def start(self, settings: Mapping[str, str], extra_jars: list[str], folder: RunFolder) -> Driver:
        """Start a driver whose JVM starts with these settings and jars; it is not reused."""
        with self._lock:
            return self._hand_out(self._start(settings, extra_jars, folder, reusable=False))

    def give_back(self, process: Running) -> None:
        """Take back the process of an ended run: reset a driver for another run, remove any other process."""
        if not isinstance(process, Driver):
            if not self._settings.keep_runs:
                process.folder.remove()
            return
        self.tell(process)
        with self._lock:
            self._handed_out = [driver for driver in self._handed_out if driver is not process]
            wanted = not self._closed.is_set() and self._expected != 0 and self._room()
            if wanted and process.is_reusable and self._renewed(process):
                self._warm.append(process)
                return
        process.discard(keep_folder=self._settings.keep_runs)

    def _room(self) -> bool:
        return len(self._warm) < max(self._settings.warm_drivers, 1)

    def _renewed(self, driver: Driver) -> bool:
        try:
            driver.renew()
        except OSError as trouble:
            say(f"a driver's folder cannot be emptied: {trouble}")
            return False
        return True

    def _hand_out(self, driver: Driver) -> Driver:
        self._warm = [other for other in self._warm if other is not driver]
        self._handed_out.append(driver)
        self._last_busy = self._last_handed_out = self._clock()
        return driver

    def _start(
        self,
        settings: Mapping[str, str] | None = None,
        extra_jars: list[str] | None = None,
        folder: RunFolder | None = None,
        *,
        reusable: bool = True,
    ) -> Driver:
        folder = folder or self.new_folder()
        environment = self._environment(folder, settings or {}, extra_jars or [])
        reusable = reusable and self._settings.driver_reuse and not self._settings.keep_runs
        return Driver(folder, environment, reusable=reusable)

    def _environment(self, folder: RunFolder, settings: Mapping[str, str], jars: list[str]) -> dict[str, str]:
        # A run's own jars are in its folder, so no other run has that class path.
        brought = any(Path(jar).is_relative_to(folder.path) for jar in jars)
        class_path = [*jars, *connector_jars(self._settings)]
        archive = "" if brought or not self._settings.local else self._archives.options(class_path)
        return spark_environment(self._settings, folder, settings, jars, archive)

    def _write_archive(self) -> None:
        """Write one class archive that earlier JVMs would have used, while no run is in progress."""
        problem = self._archive_writer.finish()
        if problem:
            say(f"a class archive could not be written, drivers start without: {problem}")
        busy = self._handed_out or not all(driver.is_ready() for driver in self._warm)
        if busy or self._clock() - self._last_busy < _IDLE or self._archive_writer.is_writing:
            return
        class_path = self._archives.next_missing()
        if class_path is not None:
            self._archive_writer.begin(class_path, self.new_folder())

    def start_shell(self, folder: RunFolder) -> RunProcess:
        """Start the process of a Python shell run with its order."""
        module = "glue_local.worker.drivers.python_shell_main"
        return RunProcess(module, folder, self._settings.process_environment())

    def close(self) -> None:
        """End the warm drivers and start no more."""
        with self._lock:
            self._closed.set()
            for driver in self._warm:
                driver.discard()
            self._archive_writer.end()


def folders_left(data_dir: Path) -> list[Path]:
    """Return the run folders that an earlier worker did not remove."""
    home = data_dir / "runs"
    return list(home.iterdir()) if home.exists() else []
