"""The environment of a Spark run's process: its JVM's settings override those of the installed Spark."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from glue_local.worker.run_folder import RunFolder
from glue_local.worker.settings import Settings, own_address
from glue_local.worker.spark import optional_settings
from glue_local.worker.spark.conf import spark_conf, submit_arguments
from glue_local.worker.spark.executors import VARIABLE

# Runs take about a minute: the optimising compiler and a parallel collector would cost more than they gain. Half an hour
# of the full network takes two thirds of the time with these.
_LIGHT_COMPILER, _LIGHT_COLLECTOR = "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"
_A_COLLECTOR = re.compile(r"-XX:\+Use\w+GC\b")

# A setting on the command line would replace the installed Spark's; these are joined, the installed one first, the job's last.
_JOINED = {
    "spark.driver.extraJavaOptions": " ",
    "spark.executor.extraJavaOptions": " ",
    "spark.driver.extraClassPath": os.pathsep,
    "spark.executor.extraClassPath": os.pathsep,
}

# AWS's SDK would warn, with a stack trace each, that the credential and config files of a run are not regular files: a run has none.
_LOG4J = """rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yy/MM/dd HH:mm:ss} %p %c{1}: %m%n%ex
logger.native.name = org.apache.hadoop.util.NativeCodeLoader
logger.native.level = error
logger.metrics.name = org.apache.hadoop.metrics2
logger.metrics.level = error
logger.garbage.name = org.apache.spark.metrics.GarbageCollectionMetrics
logger.garbage.level = error
logger.sdk.name = com.amazonaws.util.VersionInfoUtils
logger.sdk.level = error
logger.profiles.name = com.amazonaws.auth.profile.internal.BasicProfileConfigFileLoader
logger.profiles.level = error
logger.arns.name = com.amazonaws.services.s3.internal.UseArnRegionResolver
logger.arns.level = error
"""


def spark_environment(
    here: Settings, folder: RunFolder, settings: Mapping[str, str], extra_jars: Sequence[str], archive: str = ""
) -> dict[str, str]:
    """Return the environment of a Spark run's process, its JVM started with ``settings`` over ours.

    ``archive`` is the JVM options of its class archive.
    """
    conf = spark_conf(here.aws_endpoint, here.jars, region=here.region, warehouse=str(folder.jvm / "spark-warehouse"))
    conf["spark.master"] = here.master
    conf["spark.driver.memory"] = here.driver_memory
    conf["spark.local.dir"] = str(folder.jvm / "local")
    conf["spark.hadoop.fs.s3a.committer.staging.tmp.path"] = f"file://{folder.jvm}/staging"
    conf["spark.driver.extraJavaOptions"] = _java_options(here, folder, archive)
    if not here.local:
        conf |= {"spark.driver.host": own_address(), "spark.driver.bindAddress": "0.0.0.0"}
        conf |= optional_settings.committers(local=False) if here.jars else {}
    if extra_jars:
        jars = [*extra_jars, *filter(None, [conf.get("spark.driver.extraClassPath")])]
        conf["spark.driver.extraClassPath"] = os.pathsep.join(jars)
        # Spark sends them to executors on other machines.
        conf |= {} if here.local else {"spark.jars": ",".join(extra_jars)}
    conf = _behind(here.spark_defaults, conf)
    conf |= _behind({**here.spark_defaults, **conf}, settings)
    wanted = {} if here.local else {VARIABLE: f"{settings['spark.executor.instances']} {here.executors_wait}"}
    # spark-submit starts a small JVM first, only to compose the command line of the real one.
    launcher = {"SPARK_LAUNCHER_OPTS": f"{_LIGHT_COMPILER} {_LIGHT_COLLECTOR}"}
    submit = {"PYSPARK_SUBMIT_ARGS": submit_arguments(conf)}
    return {**launcher, **here.process_environment(), **_optional(here, settings), **wanted, **submit}


def _optional(here: Settings, settings: Mapping[str, str]) -> dict[str, str]:
    # With our own jars the classes are there.
    return {} if here.jars else optional_settings.variable(settings, here.local)


def _java_options(here: Settings, folder: RunFolder, archive: str) -> str:
    return " ".join(
        [
            f"-Djdk.net.hosts.file={here.resolvable().write(folder.path)}",
            f"-Dlog4j2.configurationFile={_log_settings(folder.path)}",
            f"-Dderby.system.home={folder.jvm}",
            f"-Djava.io.tmpdir={folder.jvm}",
            _driver_options(here),
            "-Djava.net.preferIPv4Stack=true",
            *filter(None, [archive]),
        ]
    )


def _driver_options(here: Settings) -> str:
    if here.driver_options is not None:
        return here.driver_options
    # A JVM with two collectors on its command line does not start.
    named = ("spark.driver.defaultJavaOptions", "spark.driver.extraJavaOptions")
    if any(_A_COLLECTOR.search(here.spark_defaults.get(name, "")) for name in named):
        return _LIGHT_COMPILER
    return f"{_LIGHT_COMPILER} {_LIGHT_COLLECTOR}"


def _behind(first: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """Return ``settings``, the joined ones behind those of ``first``: they keep the run off AWS, or its jars there."""
    return {
        key: f"{first[key]}{_JOINED[key]}{value}" if key in _JOINED and first.get(key) else value
        for key, value in settings.items()
    }


def _log_settings(folder: Path) -> Path:
    path = folder / "log4j2.properties"
    path.write_text(_LOG4J)
    return path
