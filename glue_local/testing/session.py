"""The Spark session of a test process, configured like a driver's."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from pyspark import SparkContext
from pyspark.sql import SparkSession

from awsglue.context import GlueContext
from glue_local.server import Server
from glue_local.testing.endpoint import worker_settings
from glue_local.worker.run_folder import RunFolder
from glue_local.worker.spark.environment import spark_environment

# Tests process little data with many shuffles.
_FOR_TESTS = {
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.adaptive.coalescePartitions.initialPartitionNum": "4",
}


@contextmanager
def started(server: Server, folder: Path) -> Iterator[SparkSession]:
    """Start a session with a driver's settings for this server, and stop it on exit."""
    environment: Mapping[str, str] = {
        **server.child_environment(1),
        **spark_environment(worker_settings(server), RunFolder(folder), _FOR_TESTS, []),
    }
    # Only the JVM and its Python workers inherit it; AWS host names do not resolve in them.
    with patch.dict("os.environ", environment):
        session = SparkSession(SparkContext())
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()


def glue_context(session: SparkSession) -> GlueContext:
    """Return a GlueContext on the session, without bookmarks."""
    context = GlueContext(session)
    context.bookmarks = None
    return context
