"""The process of a Spark run's script: wait for an order, run the script on the driver's JVM, and end."""

import importlib
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

from glue_local.worker.awsglue_image import bundled_awsglue
from glue_local.worker.awsglue_image.image_awsglue import Layer, Package
from glue_local.worker.drivers.go_signals import GoSignals
from glue_local.worker.drivers.script import leave, run_script
from glue_local.worker.drivers.warm_session import WarmSession
from glue_local.worker.run_folder import Result, RunFolder
from glue_local.worker.spark import executors
from glue_local.worker.spark.run_metrics import RunMetrics


def main() -> None:
    """Execute one order from the folder on the command line and write the result into it."""
    folder = RunFolder(Path(sys.argv[1]))
    go = GoSignals(folder.path)
    warm = WarmSession(folder)
    awsglue = _import_awsglue()
    leave(folder, _run(folder, warm, go, awsglue))


class _Awsglue(NamedTuple):
    """glue-local's modules that patch Spark, or the reason why no script can run."""

    spark_catalog: Any = None
    spark_io: Any = None
    refused: str | None = None


def _import_awsglue() -> _Awsglue:
    """Import ``awsglue`` before a run needs it; another one than glue-local's gets glue-local's services."""
    try:
        context, job, frame = (
            importlib.import_module(f"awsglue.{name}") for name in ("context", "job", "dynamicframe")
        )
    except ImportError:
        return _Awsglue()
    if bundled_awsglue.is_installed():
        names = ("awsglue.data_catalog.spark_catalog", "awsglue.spark_io")
        spark_catalog, spark_io = map(importlib.import_module, names)
        return _Awsglue(spark_catalog, spark_io)
    try:
        ours = bundled_awsglue.load(Path(os.environ["GLUE_LOCAL_OUR_AWSGLUE"]))
    except FileNotFoundError as missing:
        return _Awsglue(refused=str(missing))
    Layer(Package(context.GlueContext, job.Job, frame.DynamicFrame), ours).put_on()
    return _Awsglue(ours.spark_catalog, ours.spark_io)


def _run(folder: RunFolder, warm: WarmSession, go: GoSignals, awsglue: _Awsglue) -> Result:
    go.wait()
    order = folder.read_order()
    if awsglue.refused:
        return Result(error=awsglue.refused)
    warm.take(order)
    if order.metrics:
        warm.observe(RunMetrics(folder, lambda: warm.gateway))
    # A script on a driver that is still starting need not wait: its SparkContext() does. If a cluster does not
    # provide the executors, the run fails before its script starts.
    if folder.ready.exists() or executors.VARIABLE in os.environ:
        refused = warm.attach()
        if refused:
            return Result(cold=refused)
        missing = warm.missing_executors()
        if missing:
            return Result(error=missing)
    if _sees_the_catalog(order.argv):
        if awsglue.spark_catalog is None:
            return Result(error="--enable-glue-datacatalog needs awsglue, which this driver does not have")
        awsglue.spark_catalog.attach_to_sessions()
    if awsglue.spark_io is not None:
        awsglue.spark_io.attach()
    folder.prepared.touch()
    go.wait()
    result = run_script(folder, order, categorised=True, is_sound=lambda: _finished(warm))
    warm.finish()
    if result.error is None and warm.jvm_ended():
        return Result(error="The Spark driver's JVM exited before the script ended.")
    return result


def _finished(warm: WarmSession) -> bool:
    warm.finish()
    return not warm.jvm_ended()


def _sees_the_catalog(argv: list[str]) -> bool:
    flag = "--enable-glue-datacatalog"
    return flag in argv and [*argv, "true"][argv.index(flag) + 1].lower() != "false"


if __name__ == "__main__":
    main()
