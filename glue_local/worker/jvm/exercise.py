"""Warm up a new JVM before its first run: load classes, compile code, fork Python workers."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any


def exercise(session: Any, is_wanted: Callable[[], bool]) -> None:
    """Exercise typical job steps one by one, until a run needs this session."""
    with tempfile.TemporaryDirectory() as folder:
        steps: tuple[Callable[[], object], ...] = (
            lambda: _frame(session).collect(),
            lambda: fork_python_workers(session.sparkContext),
            lambda: _write(session, "json", folder),
            lambda: _read(session, "json", folder),
            lambda: _write(session, "parquet", folder),
            lambda: _read(session, "parquet", folder),
            lambda: _touch_s3(session),
        )
        for step in steps:
            if not is_wanted():
                return
            step()


def fork_python_workers(context: Any) -> None:
    """Start the Python workers for the next run's functions."""
    context.parallelize(range(4), 2).map(lambda n: n + 1).collect()


def _frame(session: Any) -> Any:
    rows = session.range(1000)
    return rows.selectExpr("id", "id % 7 AS k", "cast(id AS string) AS s", "timestamp_seconds(id) AS t")


def _write(session: Any, kind: str, folder: str) -> None:
    _frame(session).write.format(kind).partitionBy("k").save(f"file://{Path(folder) / kind}")


def _read(session: Any, kind: str, folder: str) -> None:
    read = session.read.format(kind).load(f"file://{Path(folder) / kind}")
    read.groupBy("k").count().join(read.limit(10), "k").collect()


def _touch_s3(session: Any) -> None:
    # The bucket does not exist; the purpose is to load the connector's classes and its HTTP client.
    jvm, jsc = session._jvm, session._jsc
    path = jvm.org.apache.hadoop.fs.Path("s3://glue-local-warm-up/")
    try:
        path.getFileSystem(jsc.hadoopConfiguration()).exists(path)
    except Exception as error:  # noqa: BLE001 - py4j wraps any exception of the JVM; a cold connector is not a failure
        print(f"glue-local: the S3 connector did not warm up: {error}", file=sys.stderr)
