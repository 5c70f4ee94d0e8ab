"""A JVM with a Spark context that waits for a run, and gets a new context after it. No state of a run stays."""

import contextlib
import os
import subprocess
import threading
import time
from typing import Any

from glue_local.worker.isolation.marked_processes import RUN, run_marker
from glue_local.worker.jvm.exercise import exercise, fork_python_workers
from glue_local.worker.jvm.jvm_state import JvmState
from glue_local.worker.run_folder import Gateway, RunFolder, empty_folder
from glue_local.worker.spark import optional_settings

_RUNS = 40
_IDLE = 1.0  # seconds
_CHECK_EVERY = 5.0  # seconds
_ANSWER_WITHIN = 15.0  # seconds


class WarmJvm:
    """Spark's JVM, started by this process; ``lacking`` lists classes missing from its class path."""

    def __init__(self, folder: RunFolder) -> None:
        # Imported here: only a driver's processes have PySpark.
        from pyspark import SparkContext
        from pyspark.sql import SparkSession

        self._folder, self._runs = folder, 0
        self._context: Any = None
        self._context_class, self._session_class = SparkContext, SparkSession
        # Before creating a context, which reads the settings once; settings whose classes are missing are left out.
        SparkContext._ensure_initialized()
        self._gateway, self._jvm = SparkContext._gateway, SparkContext._jvm
        self.lacking = optional_settings.apply(self._jvm, os.environ.pop(optional_settings.VARIABLE, "[]"))
        self._begin_context()
        self._state = JvmState(self._gateway)

    def exercise(self) -> None:
        """Exercise typical job steps until a run needs the session."""
        if self._context.master.startswith("local"):
            exercise(self._session, lambda: not self._folder.has_order())
            self._session.catalog.clearCache()

    def hand_over(self) -> None:
        """Publish the context's address for the next run's script."""
        self._hide_context()
        self._state.remember()
        parameters = self._gateway.gateway_parameters
        self._folder.write_ready(Gateway(parameters.port, parameters.auth_token))

    def end_run(self) -> None:
        """Stop everything that the run left in the JVM, without output, because the run's output is still being read."""
        active = self._active_context()
        if active is not None:
            active.setLogLevel("OFF")
            active.stop()

    def renew(self) -> str | None:
        """Reset the JVM to its state before the run; return the reason if that is not possible, else None."""
        self._runs += 1
        if self._runs >= _RUNS:
            return f"it has had {_RUNS} runs"
        if self._folder.jvm_changed.exists():
            return self._folder.jvm_changed.read_text()
        self._state.forget_objects()
        self._jvm.org.apache.hadoop.fs.FileSystem.closeAll()
        for folder in self._folder.jvm.iterdir():
            # Spark keeps the folders of its first context and creates others in them.
            for each in folder.iterdir() if folder.name == "local" else [folder]:
                if each.is_dir():
                    empty_folder(each)
        changed = self._state.changed()
        if changed:
            return changed
        self._begin_context()
        return self._state.heap_problem()

    def use_idle_time(self) -> None:
        """Fork the Python workers of the next run if the JVM is idle long enough."""
        end = time.monotonic() + _IDLE
        while time.monotonic() < end:
            if self._folder.has_order():
                return
            time.sleep(0.05)
        # A run that starts now shares the context and may stop it.
        with contextlib.suppress(Exception):
            fork_python_workers(self._context)

    def end(self) -> None:
        """Shut the JVM down normally and wait until it has ended."""
        self._gateway.proc.stdin.close()
        self._gateway.proc.wait()

    def await_failure(self) -> str:
        """Wait until this JVM can no longer be used for runs and return the reason; checks it while it is idle."""
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return f"the driver's JVM ended with exit code {self._gateway.proc.wait(_CHECK_EVERY)}"
            if self._is_idle() and not self._answers() and self._is_idle():
                return f"the driver's JVM did not respond within {_ANSWER_WITHIN:g} seconds"

    def _is_idle(self) -> bool:
        return self._folder.ready.exists() and not self._folder.has_order()

    def _answers(self) -> bool:
        # In a separate thread: a call to a hanging JVM does not return.
        asking = threading.Thread(target=self._ask, daemon=True, name="jvm-ping")
        asking.start()
        asking.join(_ANSWER_WITHIN)
        return not asking.is_alive()

    def _ask(self) -> None:
        self._jvm.java.lang.System.currentTimeMillis()

    def _begin_context(self) -> None:
        if self._context is not None:
            # It ends within half a second; there is no need to wait.
            threading.Thread(target=self._context._accumulatorServer.shutdown, daemon=True).start()
        marker = run_marker(self._folder.path, self._runs)
        self._hide_context()
        self._context = self._context_class(environment={RUN: marker})
        self._context.setLogLevel("WARN")
        self._session = self._session_class(self._context)

    def _hide_context(self) -> None:
        self._context_class._active_spark_context = None
        self._session_class._instantiatedSession = None
        self._session_class._activeSession = None

    def _active_context(self) -> Any:
        companion = getattr(getattr(self._jvm.org.apache.spark, "SparkContext$"), "MODULE$")
        active = companion.getActive()
        return active.get() if active.isDefined() else None
