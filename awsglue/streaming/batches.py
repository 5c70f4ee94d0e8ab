"""forEachBatch, and samples of a stream."""

import contextlib
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pyspark import StorageLevel
from pyspark.errors import StreamingQueryException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from ..options import number
from ..sources.json_path import parsed
from .kinesis import TO_INFER
from .queries import raise_errors

BatchFunction = Callable[[DataFrame, int], Any]
_PAUSES = (1, 2, 5)  # seconds before the first, the second and every further retry
_POLL = 1.0  # seconds
_ABORTABLE = "org.apache.spark.internal.io.cloud.AbortableStreamBasedCheckpointFileManager"
_UNITS = {"millisecond": 0.001, "second": 1, "minute": 60, "hour": 3600}


class _Trial:
    """Counts how often a query has failed since its last successful batch."""

    def __init__(self, most: int) -> None:
        self.most, self.failures = most, 0
        self.leaving: BaseException | None = None

    def failed(self, error: BaseException) -> None:
        """Wait before the next retry; raises the error if no retry is left, or the batch function's SystemExit."""
        if self.leaving:
            raise self.leaving
        if self.failures >= self.most or str(error).startswith("CheckpointMetadataNotFound"):
            raise error
        time.sleep(_PAUSES[min(self.failures, len(_PAUSES) - 1)])
        self.failures += 1


def for_each_batch(spark: SparkSession, frame: DataFrame, function: BatchFunction, options: Mapping[str, Any]) -> None:
    """Run ``function`` on every window at least once. Never returns; ends only with an exception."""
    if not options.get("windowSize"):
        raise Exception("Missing windowSize argument")
    if not options.get("checkpointLocation"):
        raise Exception("Missing checkpointLocation argument")
    most = number(options, "batchMaxRetries", 3)
    if most is None or not 0 <= most <= 100:
        raise ValueError(f"batchMaxRetries must be between 0 and 100, not {most}")
    trial = _Trial(most)
    location = str(options["checkpointLocation"])
    batch = _batch(spark, function, options, trial)
    while True:
        try:
            with _checkpoints_on_s3(spark, location) as place:
                writer = frame.writeStream.foreachBatch(batch).trigger(processingTime=str(options["windowSize"]))
                query = writer.option("checkpointLocation", place).start()
            _await(spark, query)
        except StreamingQueryException as error:
            trial.failed(error)


def _await(spark: SparkSession, query: Any) -> None:
    try:
        while not query.awaitTermination(_POLL):
            raise_errors(spark)
    finally:
        query.stop()


def _batch(spark: SparkSession, function: BatchFunction, options: Mapping[str, Any], trial: _Trial) -> BatchFunction:
    # A string on AWS too: anything but "false" persists.
    persists = str(options.get("persistDataFrame", "true")).lower() != "false"
    level = getattr(StorageLevel, str(options.get("storageLevel", "MEMORY_AND_DISK")).upper())

    def batch(data_frame: DataFrame, batch_id: int) -> None:
        held = data_frame.persist(level) if persists else data_frame
        try:
            if not held.isEmpty():
                function(inferred(held), batch_id)
        except (SystemExit, KeyboardInterrupt) as leaving:
            # Raised in py4j's thread it would close the connection, and the query would wait for it forever.
            trial.leaving = leaving
            raise RuntimeError("the batch function ends the script") from leaving
        finally:
            if persists:
                held.unpersist()
        trial.failures = 0

    return batch


def inferred(batch: DataFrame) -> DataFrame:
    """Parse the JSON records of a batch if the schema is inferred for each batch."""
    if TO_INFER not in batch.columns:
        return batch
    others = [name for name in batch.columns if name != TO_INFER]
    schema = parsed(batch.sparkSession, batch.select(F.col(f"`{TO_INFER}`").alias("value"))).schema
    record = F.from_json(F.col(f"`{TO_INFER}`"), schema)
    return batch.select(record.alias("record"), *others).select("record.*", *others)


@contextlib.contextmanager
def _checkpoints_on_s3(spark: SparkSession, location: str) -> Iterator[str]:
    """Use Spark's checkpoint manager for object stores for queries started inside; yields the location to use."""
    scheme, _, rest = location.partition("://")
    loader = spark.sparkContext._jvm.java.lang.Thread.currentThread().getContextClassLoader()
    there = loader.getResource(_ABORTABLE.replace(".", "/") + ".class") is not None
    if scheme not in ("s3", "s3a") or not there:
        yield location
        return
    # Renaming on S3 copies the file; this manager completes an upload instead. It supports the scheme s3a only.
    key = "spark.sql.streaming.checkpointFileManagerClass"
    spark.conf.set(key, _ABORTABLE)
    try:
        yield f"s3a://{rest}"
    finally:
        spark.conf.unset(key)


def sample(
    spark: SparkSession, frame: DataFrame, options: Mapping[str, Any], function: BatchFunction | None
) -> DataFrame:
    """Return up to ``recordPollingLimit`` (100) records that arrive within ``pollingTimeInMs`` (10000)."""
    window, polling = _seconds(str(options.get("windowSize", ""))), number(options, "pollingTimeInMs", 10_000) or 0
    if window * 1000 >= polling:
        raise ValueError(f"windowSize ({window:g} s) must be shorter than pollingTimeInMs ({polling} ms)")
    most = number(options, "recordPollingLimit", 100) or 0
    found: list[Any] = []
    schemas: list[Any] = []

    def collect(data_frame: DataFrame, batch_id: int) -> None:
        batch = inferred(data_frame)
        if function is not None:
            function(batch, batch_id)
        rows = batch.limit(most - len(found)).collect() if len(found) < most else []
        found.extend(rows)
        schemas.extend([batch.schema] if rows else [])

    end = time.monotonic() + polling / 1000
    with tempfile.TemporaryDirectory() as folder:
        writer = frame.writeStream.foreachBatch(collect).option("checkpointLocation", f"file://{folder}/checkpoint")
        query = writer.trigger(processingTime=f"{window:g} seconds").start()
        try:
            while len(found) < most and time.monotonic() < end and not query.awaitTermination(0.2):
                raise_errors(spark)
        finally:
            query.stop()
    if not found:
        return spark.createDataFrame([], "")
    return spark.createDataFrame(found, schemas[0]) if len(schemas) == 1 else spark.createDataFrame(found)


def _seconds(window: str) -> float:
    parts = re.fullmatch(r"\s*(\d+)\s*(millisecond|second|minute|hour)s?\s*", window.lower())
    if not parts:
        raise ValueError(f'invalid windowSize {window!r}: use "<n> seconds", "<n> minutes" or "<n> hours"')
    return int(parts[1]) * _UNITS[parts[2]]
