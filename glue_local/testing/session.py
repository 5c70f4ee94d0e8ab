"""The Spark session of a test process: a driver's, in this process."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from pyspark import SparkContext
from pyspark.sql import SparkSession

from awsglue.context import GlueContext
from glue_local.server import Server
from glue_local.testing.endpoint import surroundings
from glue_local.worker.spark_environment import spark_environment

# Tests have little data each and many shuffles.
_FOR_TESTS = {
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.adaptive.coalescePartitions.initialPartitionNum": "4",
}


@contextmanager
def started(server: Server, folder: Path) -> Iterator[SparkSession]:
    """Bring up the session with a driver's settings for this server; it ends with the block."""
    environment: Mapping[str, str] = {
        **server.child_environment(1),
        **spark_environment(surroundings(server), folder, _FOR_TESTS, []),
    }
    # The JVM and its Python workers inherit it: no name of AWS resolves in them. This process keeps its own.
    with patch.dict("os.environ", environment):
        session = SparkSession(SparkContext())
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()


def glue_context(session: SparkSession) -> GlueContext:
    """Return a context of the session without a bookmark."""
    context = GlueContext(session)
    context.bookmarks = None
    return context
