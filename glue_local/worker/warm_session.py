"""A Spark session brought up before anybody asks for one, then handed to the script that does."""

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from glue_local.worker import executors, optional
from glue_local.worker.run_folder import Order

# What differs between any two contexts and changes nothing a script could ask for.
OF_ONE_CONTEXT = (
    "spark.app.",
    "spark.driver.host",
    "spark.driver.port",
    "spark.driver.extraJavaOptions",
    "spark.executor.id",
    "spark.executor.extraJavaOptions",
    # PySpark hands these to its workers itself.
    "spark.executorEnv.",
    "spark.submit.",
    "spark.master",
    "spark.sql.warehouse.dir",
)


class WarmSession:
    """The JVM's context and session, hidden from Python until a script makes its own ``SparkContext``."""

    def __init__(self) -> None:
        # Imported here: only a driver process has PySpark, and its import is part of what is warmed up.
        from pyspark import SparkContext
        from pyspark.sql import SparkSession

        self._context_class, self._session_class = SparkContext, SparkSession
        # Before there is a context: what the class path lacks cannot be set, and what is set is read once.
        SparkContext._ensure_initialized()
        self.lacking = optional.apply(SparkContext._jvm, os.environ.pop(optional.VARIABLE, "[]"))
        context = SparkContext()
        context.setLogLevel("WARN")
        session = SparkSession(context)
        self._local = context.master.startswith("local")
        self._shipped: list[str] = []
        if self._local:
            _exercise(session)
        self._settings: dict[str, str] = {}
        self._worker_environment: dict[str, str] = {}
        self._jsc = context._jsc
        self._session = session
        self._hide(context)

    def refused(self, settings: dict[str, str]) -> str | None:
        """Return the first setting that a running session does not take, None when it takes all."""
        conf = self._session._jsparkSession.conf()
        return next((key for key in settings if not conf.isModifiable(key)), None)

    def missing_executors(self) -> str | None:
        """Wait for the executors that the run's definition means; return what to say when the cluster gives fewer."""
        wanted, _, seconds = os.environ.get(executors.VARIABLE, "0 0").partition(" ")
        end = time.monotonic() + float(seconds)
        # The driver has a block manager too.
        while (given := int(self._jsc.sc().getExecutorMemoryStatus().size()) - 1) < int(wanted):
            if time.monotonic() > end:
                return (
                    f"The cluster gave {given} of {wanted} executors within {seconds} seconds: "
                    "ask for fewer with NumberOfWorkers or a smaller WorkerType, or add Spark workers to the cluster."
                )
            time.sleep(0.2)
        return None

    def prepare(self, order: Order) -> None:
        """Set the order's settings on the session, and make S3 and Python workers act for the run."""
        of_the_run = {
            "fs.s3a.access.key": order.environment.get("AWS_ACCESS_KEY_ID", "test"),
            # The endpoint tells by it which run a call is of.
            "fs.s3a.user.agent.prefix": order.environment.get("AWS_SDK_UA_APP_ID", ""),
        }
        self._settings = {**order.settings, **{f"spark.hadoop.{key}": value for key, value in of_the_run.items()}}
        for key, value in order.settings.items():
            self._session._jsparkSession.conf().set(key, value)
        for key, value in of_the_run.items():
            self._jsc.hadoopConfiguration().set(key, value)
        self._worker_environment = {**_differing(order), **order.executor_environment}
        if not self._local:
            # Elsewhere the path leads nowhere, and in place of the machine's own it would take the guard away.
            self._worker_environment.pop("PYTHONPATH", None)
            self._shipped = _shipped(order)

    def jvm_ended(self) -> bool:
        """Tell whether the JVM is gone."""
        try:
            self._context_class._gateway.jvm.java.lang.System.currentTimeMillis()
        except Exception:  # noqa: BLE001 - py4j raises this and that when nobody answers; any of it means gone
            return True
        return False

    def _hide(self, context: Any) -> None:
        context._accumulatorServer.shutdown()
        self._context_class._active_spark_context = None
        self._session_class._instantiatedSession = None
        self._session_class._activeSession = None
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

        def anew(self: Any, jconf: Any) -> Any:
            for key, value in warm._settings.items():
                jconf.set(key, value)
            return first_way(self, jconf)

        def hand_over(self: Any, jconf: Any) -> Any:
            jsc, warm._jsc = warm._jsc, None
            if jsc is None or jsc.sc().isStopped():
                return anew(self, jconf)
            for key, value in _differences(jconf, jsc):
                if not warm._session._jsparkSession.conf().isModifiable(key):
                    print(f"glue-local: {key}={value} needs a new Spark context: starting one", file=sys.stderr)
                    jsc.stop()
                    return anew(self, jconf)
                warm._session._jsparkSession.conf().set(key, value)
            return jsc

        self._context_class._initialize_context = hand_over
        self._context_class._do_init = do_init


def _differing(order: Order) -> dict[str, str]:
    """Return what the run's Python workers have to be told; the ones already forked know the rest."""
    environment = {"PYTHONPATH": os.pathsep.join(order.python_path)} if order.python_path else {}
    changed = {
        key: value
        for key, value in order.environment.items()
        if key in ("AWS_ACCESS_KEY_ID", "AWS_REGION", "AWS_DEFAULT_REGION") and os.environ.get(key) != value
    }
    # The default account goes by two names.
    if changed.get("AWS_ACCESS_KEY_ID") == "000000000000":
        changed.pop("AWS_ACCESS_KEY_ID")
    return environment | changed


def _shipped(order: Order) -> list[str]:
    """Return the files on the order's Python path, which executors on other machines have to be sent."""
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


def _exercise(session: Any) -> None:
    """Do once what jobs do, so that classes are loaded, code compiled and Python workers forked."""
    frame = session.range(1000).selectExpr("id", "id % 7 AS k", "cast(id AS string) AS s", "timestamp_seconds(id) AS t")
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("json", "parquet"):
            path = str(Path(folder) / kind)
            frame.write.format(kind).partitionBy("k").save(f"file://{path}")
            read = session.read.format(kind).load(f"file://{path}")
            read.groupBy("k").count().join(read.limit(10), "k").collect()
    session.sparkContext.parallelize(range(4), 2).map(lambda n: n + 1).collect()
    _touch_s3(session)
    session.catalog.clearCache()


def _touch_s3(session: Any) -> None:
    # No such bucket: what counts is that the connector's classes and its HTTP client are up.
    jvm, jsc = session._jvm, session._jsc
    path = jvm.org.apache.hadoop.fs.Path("s3://glue-local-warm-up/")
    try:
        path.getFileSystem(jsc.hadoopConfiguration()).exists(path)
    except Exception as error:  # noqa: BLE001 - py4j wraps whatever the JVM throws; a cold connector is no failure
        print(f"glue-local: the S3 connector did not warm up: {error}", file=sys.stderr)
