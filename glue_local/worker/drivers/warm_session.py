"""The warm session of a driver's JVM, which a script gets when it creates a Spark context."""

import contextlib
import os
import sys
import time
from pathlib import Path
from typing import Any

from glue_local.worker.isolation.marked_processes import RUN
from glue_local.worker.jvm.jvm_watch import watch_jvm
from glue_local.worker.run_folder import Gateway, Order, RunFolder
from glue_local.worker.spark import executors
from glue_local.worker.spark.run_metrics import RunMetrics

JVM_PROCESS = "GLUE_LOCAL_JVM_PROCESS"
"""The variable with the id of the JVM's parent process."""

# Settings that differ between any two contexts without an effect on scripts.
OF_ONE_CONTEXT = (
    "spark.app.",
    "spark.driver.host",
    "spark.driver.port",
    "spark.driver.extraJavaOptions",
    "spark.executor.id",
    "spark.executor.extraJavaOptions",
    # PySpark passes these to its workers itself.
    "spark.executorEnv.",
    "spark.submit.",
    "spark.master",
    "spark.sql.warehouse.dir",
)


class WarmSession:
    """The JVM's context and session, which Python gets when a script creates its ``SparkContext``."""

    def __init__(self, folder: RunFolder) -> None:
        # Imported here: only a driver's processes have PySpark.
        import pyspark.context
        import pyspark.sql

        self._folder, self._keeper = folder, int(os.environ[JVM_PROCESS])
        self._context_class = pyspark.context.SparkContext
        self._launch, pyspark.context.launch_gateway = pyspark.context.launch_gateway, self._connect
        self._gateway: Any = None
        self._jsc: Any = None
        self._order = Order([])
        self._settings: dict[str, str] = {}
        self._worker_environment: dict[str, str] = {}
        self._shipped: list[str] = []
        self._metrics: RunMetrics | None = None
        self._hand_over_context()

    def take(self, order: Order) -> None:
        """Remember the order that the session is for."""
        self._order = order

    @property
    def gateway(self) -> Any:
        """PySpark's gateway, None while the script has not asked for Spark."""
        return self._gateway

    def observe(self, metrics: RunMetrics) -> None:
        """Count what Spark does for the run: from now on, and before every stop of a context."""
        self._metrics, stop = metrics, self._context_class.stop

        def count_and_stop(self: Any) -> None:
            metrics.write()
            stop(self)

        self._context_class.stop = count_and_stop

    def finish(self) -> None:
        """Write the last metrics, and stop the context if it has an event log, which is then complete."""
        if self._metrics is not None:
            self._metrics.close()
        context = self._context_class._active_spark_context
        if self._order.event_log and context is not None:
            with contextlib.suppress(Exception):  # the JVM may have ended
                context.stop()

    def attach(self) -> str | None:
        """Connect to the JVM; return the order's first setting that a running session does not accept."""
        conf = self._session_conf()
        return next((key for key in self._order.settings if not conf.isModifiable(key)), None)

    def missing_executors(self) -> str | None:
        """Wait for the executors of the run's definition; return an error message if the cluster provides fewer."""
        wanted, _, seconds = os.environ.get(executors.VARIABLE, "0 0").partition(" ")
        end = time.monotonic() + float(seconds)
        # The driver also has a block manager.
        while int(wanted) and (given := int(self._jsc.sc().getExecutorMemoryStatus().size()) - 1) < int(wanted):
            if time.monotonic() > end:
                return (
                    f"The cluster provided {given} of {wanted} executors within {seconds} seconds: "
                    "ask for fewer with NumberOfWorkers or a smaller WorkerType, or add Spark workers to the cluster."
                )
            time.sleep(0.2)
        return None

    def jvm_ended(self) -> bool:
        """Tell whether the JVM is gone; waits for one that is still starting."""
        if self._gateway is None:
            return self._await_jvm() is None
        try:
            self._gateway.jvm.java.lang.System.currentTimeMillis()
        except Exception:  # noqa: BLE001 - py4j raises different exceptions for a dead JVM
            return True
        return False

    def _session_conf(self) -> Any:
        self._context_class._ensure_initialized()
        return self._gateway.jvm.SparkSession.getDefaultSession().get().conf()

    def _connect(self, *arguments: Any, **options: Any) -> Any:
        """Replace PySpark's start of a JVM: wait for the warm one and connect to it."""
        waiting = self._await_jvm()
        if waiting is None:
            raise RuntimeError("The Spark driver's JVM did not start: see the error log.")
        os.environ.update(PYSPARK_GATEWAY_PORT=str(waiting.port), PYSPARK_GATEWAY_SECRET=waiting.secret)
        try:
            self._gateway = self._launch(*arguments, **options)
        finally:
            del os.environ["PYSPARK_GATEWAY_PORT"], os.environ["PYSPARK_GATEWAY_SECRET"]
        watch_jvm(self._gateway._gateway_client, self._tell_of_change)
        self._prepare()
        return self._gateway

    def _await_jvm(self) -> Gateway | None:
        while (gateway := self._folder.read_ready()) is None:
            try:
                os.kill(self._keeper, 0)
            except ProcessLookupError:
                return None
            time.sleep(0.005)
        return gateway

    def _tell_of_change(self, reason: str) -> None:
        if not self._folder.jvm_changed.exists():
            self._folder.jvm_changed.write_text(reason)

    def _prepare(self) -> None:
        """Set the order's settings on the session, and make S3 and Python workers act for the run."""
        order, jvm = self._order, self._gateway.jvm
        self._jsc = jvm.JavaSparkContext.fromSparkContext(jvm.org.apache.spark.SparkContext.getOrCreate())
        of_the_run = {
            "fs.s3a.access.key": order.environment.get("AWS_ACCESS_KEY_ID", "test"),
            # It identifies the run to the endpoint.
            "fs.s3a.user.agent.prefix": order.environment.get("AWS_SDK_UA_APP_ID", ""),
        }
        self._settings = {**order.settings, **{f"spark.hadoop.{key}": value for key, value in of_the_run.items()}}
        conf = jvm.SparkSession.getDefaultSession().get().conf()
        for key, value in order.settings.items():
            if conf.isModifiable(key):
                conf.set(key, value)
        for key, value in of_the_run.items():
            self._jsc.hadoopConfiguration().set(key, value)
        # The marker identifies the run's processes and keeps runs from using another's Python workers.
        marker = {RUN: os.environ[RUN]}
        self._worker_environment = {**marker, **_differing(order), **order.executor_environment}
        if executors.VARIABLE in os.environ:
            # Other machines do not have these folders, and setting it would replace their path, which has the guard.
            self._worker_environment.pop("PYTHONPATH", None)
            self._shipped = _shipped(order)
        if self._metrics is not None:
            self._metrics.begin(self._gateway)

    def _hand_over_context(self) -> None:
        first_way, begin = self._context_class._initialize_context, self._context_class._do_init
        warm = self

        def do_init(
            self: Any, master: Any, appName: Any, sparkHome: Any, pyFiles: Any, environment: Any, *a: Any, **k: Any
        ) -> Any:
            workers = {**(environment or {}), **warm._worker_environment}
            begun = begin(self, master, appName, sparkHome, pyFiles, workers, *a, **k)
            for path in warm._shipped:
                self.addPyFile(path)
            return begun

        def new_context(self: Any, jconf: Any) -> Any:
            for key, value in warm._settings.items():
                jconf.set(key, value)
            return first_way(self, jconf)

        def hand_over(self: Any, jconf: Any) -> Any:
            jsc, warm._jsc = warm._jsc, None
            if jsc is None or jsc.sc().isStopped():
                return new_context(self, jconf)
            conf = warm._session_conf()
            for key, value in _differences(jconf, jsc):
                if not conf.isModifiable(key):
                    print(f"glue-local: {key}={value} needs a new Spark context: starting one", file=sys.stderr)
                    jsc.stop()
                    return new_context(self, jconf)
                conf.set(key, value)
            return jsc

        self._context_class._initialize_context = hand_over
        self._context_class._do_init = do_init


def _differing(order: Order) -> dict[str, str]:
    """Return the variables of the run's Python workers that differ from those of this process."""
    environment = {"PYTHONPATH": os.pathsep.join(order.python_path)} if order.python_path else {}
    changed = {
        key: value
        for key, value in order.environment.items()
        if key in ("AWS_ACCESS_KEY_ID", "AWS_REGION", "AWS_DEFAULT_REGION") and os.environ.get(key) != value
    }
    # The default account has two names.
    if changed.get("AWS_ACCESS_KEY_ID") == "000000000000":
        changed.pop("AWS_ACCESS_KEY_ID")
    return environment | changed


def _shipped(order: Order) -> list[str]:
    """Return the files on the order's Python path, which Spark must send to executors on other machines."""
    places = [Path(place) for place in order.python_path]
    modules = [module for place in places if place.is_dir() for module in sorted(place.glob("*.py"))]
    return [str(path) for path in (*modules, *(place for place in places if place.is_file()))]


def _differences(jconf: Any, jsc: Any) -> list[tuple[str, str]]:
    current = {pair._1(): pair._2() for pair in jsc.sc().conf().getAll()}
    wanted = {pair._1(): pair._2() for pair in jconf.getAll()}
    return [
        (key, value)
        for key, value in wanted.items()
        if current.get(key) != value and not key.startswith(OF_ONE_CONTEXT)
    ]
