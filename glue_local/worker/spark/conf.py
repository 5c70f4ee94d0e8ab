"""Spark settings that make a local session behave like Glue's: ``s3://`` uses the endpoint, with few requests."""

import os
import shlex
from collections.abc import Mapping

from glue_local.worker.spark.optional_settings import COMMITTERS, FILE_SYSTEM


def spark_conf(
    endpoint: str, jars: str, *, account: str = "test", region: str = "us-east-1", warehouse: str = "spark-warehouse"
) -> dict[str, str]:
    """Return the settings of a local session whose ``s3://`` and ``s3a://`` paths use ``endpoint``.

    ``jars`` is a class path of folders with the S3 connector's and other jars. If empty, the class path is unchanged, as
    in the official image.
    """
    conf = {
        "spark.master": "local[*]",
        "spark.app.name": "glue-local",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "2g",
        "spark.sql.warehouse.dir": warehouse,
        "spark.sql.catalogImplementation": "in-memory",
        # One machine: hundreds of shuffle partitions would be hundreds of empty tasks.
        "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 2)),
        "spark.sql.adaptive.coalescePartitions.initialPartitionNum": str(2 * (os.cpu_count() or 2)),
        "spark.python.worker.reuse": "true",
        # AWS's machines are in UTC, developers' machines may not be.
        "spark.sql.session.timeZone": "UTC",
        "spark.speculation": "false",
        **_s3a(endpoint, account, region),
    }
    if jars:
        conf["spark.driver.extraClassPath"] = os.pathsep.join(os.path.join(one, "*") for one in jars.split(os.pathsep))
        conf |= {**FILE_SYSTEM.settings, **COMMITTERS.settings}
    return conf


def _s3a(endpoint: str, account: str, region: str) -> dict[str, str]:
    s3a = {
        "endpoint": endpoint,
        "endpoint.region": region,
        "access.key": account,
        "secret.key": "test",
        "aws.credentials.provider": "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
        "path.style.access": "true",
        "connection.ssl.enabled": str(endpoint.startswith("https")).lower(),
        # Each of these saves requests that are only useful on a slow or shared store.
        "bucket.probe": "0",
        "directory.marker.retention": "keep",
        "change.detection.mode": "none",
        "fast.upload.buffer": "bytebuffer",
        "experimental.input.fadvise": "random",
        "attempts.maximum": "3",
        "retry.limit": "3",
        "connection.establish.timeout": "5000",
        "threads.max": "16",
        "connection.maximum": "64",
        "multiobjectdelete.enable": "true",
        "create.performance": "true",
    }
    return {f"spark.hadoop.fs.s3a.{name}": value for name, value in s3a.items()}


def submit_arguments(conf: Mapping[str, str]) -> str:
    """Return ``PYSPARK_SUBMIT_ARGS`` that start a session's JVM with these settings."""
    return shlex.join([*(part for pair in conf.items() for part in ("--conf", "=".join(pair))), "pyspark-shell"])
