"""The consumers of a session's streams, started when a query starts, from where its checkpoint says it was."""

from typing import Any

from pyspark.sql import SparkSession
from pyspark.sql.streaming import StreamingQueryListener

from . import checkpoints
from .checkpoints import Seen
from .consumer import Consumer

_CONSUMERS = "_glue_consumers"
_LISTENER = "_glue_stream_listener"


def consumers_of(spark: SparkSession) -> list[Consumer]:
    """Return the consumers of a session, in the order in which its script named their streams."""
    if not hasattr(spark, _CONSUMERS):
        setattr(spark, _CONSUMERS, [])
    consumers: list[Consumer] = getattr(spark, _CONSUMERS)
    return consumers


def watch_queries(spark: SparkSession) -> None:
    """Start what queries of ``spark`` read, from now on."""
    if not hasattr(spark, _LISTENER):
        listener = _Starter(spark)
        spark.streams.addListener(listener)
        setattr(spark, _LISTENER, listener)


def raise_errors(spark: SparkSession) -> None:
    """Raise what stopped a consumer, if anything did: its query would wait for ever."""
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
        except Exception as error:  # noqa: BLE001 - a listener's errors end in a log: the query has to hear of them
            waiting[0].error = error

    def _location(self, query: str) -> str:
        return str(self._spark._jsparkSession.streams().get(query).streamingQuery().resolvedCheckpointRoot())

    def onQueryProgress(self, event: Any) -> None:
        """Nothing: consumers do not follow their queries."""

    def onQueryIdle(self, event: Any) -> None:
        """Nothing, as above."""

    def onQueryTerminated(self, event: Any) -> None:
        """Nothing: a query that is tried again reads on."""
