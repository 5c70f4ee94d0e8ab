"""Starts the consumers of a session's streams when a query starts, at the position in its checkpoint."""

from typing import Any

from pyspark.sql import SparkSession
from pyspark.sql.streaming import StreamingQueryListener

from . import checkpoints
from .checkpoints import Seen
from .consumer import Consumer

_CONSUMERS = "_glue_consumers"
_LISTENER = "_glue_stream_listener"


def consumers_of(spark: SparkSession) -> list[Consumer]:
    """Return the consumers of a session, in the order in which the script created them."""
    if not hasattr(spark, _CONSUMERS):
        setattr(spark, _CONSUMERS, [])
    consumers: list[Consumer] = getattr(spark, _CONSUMERS)
    return consumers


def watch_queries(spark: SparkSession) -> None:
    """Start the consumers when a query of ``spark`` starts."""
    if not hasattr(spark, _LISTENER):
        listener = _Starter(spark)
        spark.streams.addListener(listener)
        setattr(spark, _LISTENER, listener)


def raise_errors(spark: SparkSession) -> None:
    """Raise the error that stopped a consumer: its query would wait forever."""
    for consumer in consumers_of(spark):
        if consumer.error is not None:
            error, consumer.error = consumer.error, None
            raise error


class _Starter(StreamingQueryListener):  # type: ignore[misc]
    def __init__(self, spark: SparkSession) -> None:
        self._spark = spark

    def onQueryStarted(self, event: Any) -> None:
        # Spark waits for this call before the query plans its first batch.
        waiting = [consumer for consumer in consumers_of(self._spark) if not consumer.begun]
        if not waiting:
            return
        try:
            found = checkpoints.read(self._spark, self._location(str(event.id)))
            for consumer in waiting:
                seen = found.seen.get(consumer.landing.name, Seen())
                consumer.begin(seen.positions, seen.unprocessed, found.since)
        except Exception as error:  # noqa: BLE001 - Spark only logs a listener's errors; the query must fail
            waiting[0].error = error

    def _location(self, query: str) -> str:
        return str(self._spark._jsparkSession.streams().get(query).streamingQuery().resolvedCheckpointRoot())

    def onQueryProgress(self, event: Any) -> None:
        """Do nothing: consumers run independently of their queries."""

    def onQueryIdle(self, event: Any) -> None:
        """Do nothing."""

    def onQueryTerminated(self, event: Any) -> None:
        """Do nothing: a retried query continues with the same consumers."""
