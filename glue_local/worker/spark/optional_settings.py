"""Spark settings that name classes: only set if the class path has them, because AWS's builds differ."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

VARIABLE = "GLUE_LOCAL_OPTIONAL_SETTINGS"

_FILE_SYSTEM = "org.apache.hadoop.fs.s3a.S3AFileSystem"
_FACTORY = "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory"
_CLOUD = "org.apache.spark.internal.io.cloud"


class Optional(NamedTuple):
    """Settings, the classes that they need, and a note if one is missing."""

    classes: tuple[str, ...]
    settings: Mapping[str, str]
    absent: str


FILE_SYSTEM = Optional(
    (_FILE_SYSTEM,),
    {"spark.hadoop.fs.s3.impl": _FILE_SYSTEM, "spark.hadoop.fs.s3n.impl": _FILE_SYSTEM},
    "s3:// paths go through whatever file system this Spark has for them; glue-local cannot point it at the endpoint",
)
# Glue has an S3-optimized committer too: no rename, so a killed job leaves no partial file.
COMMITTERS = Optional(
    (_FACTORY, f"{_CLOUD}.PathOutputCommitProtocol", f"{_CLOUD}.BindingParquetOutputCommitter"),
    {
        "spark.hadoop.fs.s3a.committer.name": "directory",
        "spark.hadoop.fs.s3a.committer.staging.conflict-mode": "append",
        "spark.hadoop.mapreduce.outputcommitter.factory.scheme.s3a": _FACTORY,
        "spark.hadoop.mapreduce.outputcommitter.factory.scheme.s3": _FACTORY,
        "spark.sql.sources.commitProtocolClass": f"{_CLOUD}.PathOutputCommitProtocol",
        "spark.sql.parquet.output.committer.class": f"{_CLOUD}.BindingParquetOutputCommitter",
        "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
    },
    "files are written with this Spark's default committer, which renames",
)


# The directory committer passes file lists from executors to the driver through a shared folder.
_WITHOUT_A_SHARED_FOLDER = {"spark.hadoop.fs.s3a.committer.name": "magic"}


def committers(local: bool) -> dict[str, str]:
    """Return the committers' settings, for executors in the driver or on other machines."""
    return {**COMMITTERS.settings, **({} if local else _WITHOUT_A_SHARED_FOLDER)}


def variable(settings: Mapping[str, str], local: bool = True) -> dict[str, str]:
    """Return the variable with a driver's optional settings; the job's ``settings`` take precedence."""
    wanted = [
        one._replace(settings={key: value for key, value in one.settings.items() if key not in settings})
        for one in (FILE_SYSTEM, COMMITTERS._replace(settings=committers(local)))
    ]
    return {VARIABLE: json.dumps(wanted)}


def apply(jvm: Any, encoded: str) -> list[str]:
    """Apply the settings whose classes are on the class path of a JVM without a Spark context; return notes for others.

    It sets system properties, from which every SparkConf in the JVM starts, as spark-submit does.
    """
    lacking = []
    for one in (Optional(*fields) for fields in json.loads(encoded)):
        absent = [name for name in one.classes if not _has(jvm, name)]
        if absent:
            lacking.append(f"no {absent[0]} on Spark's class path: {one.absent}")
            continue
        for key, value in one.settings.items():
            jvm.java.lang.System.setProperty(key, value)
    return lacking


def _has(jvm: Any, name: str) -> bool:
    resource = name.replace(".", "/") + ".class"
    return jvm.java.lang.Thread.currentThread().getContextClassLoader().getResource(resource) is not None
