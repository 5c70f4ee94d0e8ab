"""A Spark driver: a process that keeps a warm JVM, and a fresh Python process for the next run's script."""

import time
from collections.abc import Mapping

from glue_local.worker.drivers.run_process import RunProcess
from glue_local.worker.drivers.warm_session import JVM_PROCESS
from glue_local.worker.isolation.marked_processes import RUN, run_marker
from glue_local.worker.run_folder import RunFolder

_JVM, _SCRIPT = "glue_local.worker.jvm.spark_jvm_main", "glue_local.worker.drivers.spark_main"
_BY_ITSELF = (0, 1)  # exit codes of a script's process that left a result


class Driver:
    """A driver: its two processes and their folder. Executes one run at a time; reused if a run left no state."""

    def __init__(self, folder: RunFolder, environment: Mapping[str, str], *, reusable: bool) -> None:
        self.folder = folder
        self._environment, self._reusable = environment, reusable
        self._runs, self._is_over = 0, False
        self._renewed_at = time.monotonic()
        self._jvm = RunProcess(_JVM, folder, environment)
        self._script = self._new_script()

    @property
    def is_reusable(self) -> bool:
        """Whether it can be reused after this run, as far as is known."""
        return self._reusable and self._jvm.exit_code() is None

    @property
    def is_renewed(self) -> bool:
        """Whether it has executed a run."""
        return self._runs > 0

    def is_alive(self) -> bool:
        """Tell whether both processes run."""
        return self._jvm.exit_code() is None and self._script.exit_code() is None

    def is_ready(self) -> bool:
        """Tell whether its JVM waits for a run."""
        return self.folder.ready.exists() and self.is_alive()

    def seconds_waited(self) -> float:
        """Return the seconds since it was started, or since its last run."""
        return time.monotonic() - self._renewed_at

    def go_on(self) -> None:
        """Tell the script's process to prepare its order, then to run the script."""
        self._script.go_on()

    def exit_code(self) -> int | None:
        """Return the exit code of the script's process, negative for a signal; None while it runs."""
        self._jvm.exit_code()  # reaps a zombie, which looks alive
        return self._script.exit_code()

    def end(self, grace: float = 0.0) -> None:
        """End the script and its child processes. The JVM is only kept if the script has ended by itself."""
        by_itself = self._script.exit_code() in _BY_ITSELF and self.folder.read_result() is not None
        self._script.end(grace)
        if self._is_over:
            return
        self._is_over = True
        if self._reusable and by_itself:
            self._jvm.go_on()
        else:
            self._jvm.end()

    def cancel(self) -> None:
        """End the run before its script has started; its JVM is unchanged."""
        self._script.end()
        self._is_over = True
        self._jvm.go_on()

    def renew(self) -> None:
        """Reset it for another run. It is ready when its JVM is, and ends if the JVM cannot be reset."""
        self.folder.empty()
        self._runs += 1
        self._is_over, self._renewed_at = False, time.monotonic()
        self._jvm.go_on()
        self._script = self._new_script()

    def discard(self, *, keep_folder: bool = False) -> None:
        """End everything and remove the folder."""
        self._script.end()
        self._jvm.end()
        if not keep_folder:
            self.folder.remove()

    def _new_script(self) -> RunProcess:
        environment = {**self._environment, JVM_PROCESS: str(self._jvm.pid)}
        return RunProcess(_SCRIPT, self.folder, environment, (RUN, run_marker(self.folder.path, self._runs)))
