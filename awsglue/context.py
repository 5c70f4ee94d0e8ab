"""GlueContext: the entry point for reading and writing frames."""

import logging
import sys
import time
from collections.abc import Callable
from typing import Any

from pyspark.context import SparkContext
from pyspark.sql import DataFrame, SparkSession, SQLContext

from . import unemulated
from .bookmarks import Bookmarks
from .data_catalog import connections
from .dataframereader import DataFrameReader
from .dataframewriter import DataFrameWriter
from .frames.frame import DynamicFrame
from .glue_context import retention
from .glue_context.arguments import ignore_unknown
from .glue_context.readers import DynamicFrameReader, DynamicFrameWriter
from .glue_context.reading import ReadingContext
from .glue_context.writing import WritingContext
from .options import NO_OPTIONS, Options
from .streaming import batches, ingestion

_BOOKMARKS = "_glue_bookmarks"


def register(sc: SparkContext) -> None:
    """Do nothing. On AWS it loads Glue's jars into the JVM; here there are none."""


def keep_bookmarks(session: SparkSession, bookmarks: Bookmarks | None) -> None:
    """Set the bookmarks of all contexts of ``session``; None turns them off."""
    setattr(session, _BOOKMARKS, bookmarks)


def bookmarks_of(session: SparkSession) -> Bookmarks | None:
    """Return the bookmarks of the run that uses ``session``; None if they are off."""
    return getattr(session, _BOOKMARKS, None)


class _ErrorLog(logging.Handler):
    """Writes to the current sys.stderr, which pytest replaces for each test."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(f"{self.format(record)}\n")


class GlueLogger(logging.Logger):
    """A logger with AWS's method names: info, warn and error."""

    def warn(self, msg: object, *args: Any, **kwargs: Any) -> None:
        """Log a warning; Python's own ``warn`` is deprecated and warns about itself."""
        self.warning(msg, *args, **kwargs)


class GlueContext(ReadingContext, WritingContext, SQLContext):  # type: ignore[misc]
    """The entry point of a Glue script.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-glue-context.html
    """

    Spark_SQL_Formats = {"parquet", "orc"}
    Unsupported_Compression_Types = {"lzo"}

    def __init__(self, sparkContext: SparkContext | SparkSession | None = None, **options: Any) -> None:
        ignore_unknown(options, ("minPartitions", "targetPartitions"))
        if isinstance(sparkContext, SparkSession):
            session = sparkContext
        else:
            if sparkContext is None:
                SparkContext.getOrCreate()
            session = SparkSession.builder.getOrCreate()
        super().__init__(session.sparkContext, session)
        self.spark_session = session
        self.create_dynamic_frame = DynamicFrameReader(self)
        self.create_data_frame = DataFrameReader(self)
        self.write_dynamic_frame = DynamicFrameWriter(self)
        self.write_data_frame = DataFrameWriter(self)

    @property
    def bookmarks(self) -> Bookmarks | None:
        """The bookmarks of the run, shared by all contexts of the session; None if they are off."""
        return bookmarks_of(self.spark_session)

    @bookmarks.setter
    def bookmarks(self, bookmarks: Bookmarks | None) -> None:
        keep_bookmarks(self.spark_session, bookmarks)

    def get_logger(self) -> GlueLogger:
        """Return a logger with info, warn and error; it writes to the job's error log."""
        logger = GlueLogger("GlueLogger", logging.INFO)
        handler = _ErrorLog()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logger.addHandler(handler)
        return logger

    def currentTimeMillis(self) -> int:
        """Return the current time in milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def convert_resolve_option(self, path: str, action: str, target: Any) -> tuple[str, str, Any]:
        """Return a ResolveOption of ``DynamicFrame.toDF`` as a tuple; on AWS it is a JVM object."""
        return path, action, target

    def extract_jdbc_conf(self, connection_name: str, catalog_id: str | None = None) -> dict[str, str]:
        """Return a connection's ``user``, ``password``, ``vendor``, ``url`` and ``fullUrl`` (with the database)."""
        return connections.jdbc_conf(connection_name, catalog_id)

    def purge_table(
        self,
        database: str,
        table_name: str,
        options: Options = NO_OPTIONS,
        transformation_ctx: str = "",
        catalog_id: str | None = None,
    ) -> None:
        """Delete a table's files older than ``retentionPeriod`` hours (168), and partitions that become empty."""
        retention.purge_table(self.spark_session, database, table_name, options or {}, catalog_id)

    def purge_s3_path(self, s3_path: str, options: Options = NO_OPTIONS, transformation_ctx: str = "") -> None:
        """Delete the files under a path that are older than ``retentionPeriod`` hours (168)."""
        retention.purge_path(s3_path, options or {})

    def transition_table(
        self,
        database: str,
        table_name: str,
        transition_to: str,
        options: Options = NO_OPTIONS,
        transformation_ctx: str = "",
        catalog_id: str | None = None,
    ) -> None:
        """Move a table's files older than ``retentionPeriod`` hours (168) to an S3 storage class."""
        retention.transition_table(self.spark_session, database, table_name, transition_to, options or {}, catalog_id)

    def transition_s3_path(
        self, s3_path: str, transition_to: str, options: Options = NO_OPTIONS, transformation_ctx: str = ""
    ) -> None:
        """Move the files under a path that are older than ``retentionPeriod`` hours (168) to an S3 storage class."""
        retention.transition_path(s3_path, transition_to, options or {})

    def getSampleStreamingDynamicFrame(
        self,
        frame: DataFrame,
        options: Options = NO_OPTIONS,
        batch_function: Callable[[DataFrame, int], Any] | None = None,
    ) -> DynamicFrame:
        """Return up to ``recordPollingLimit`` records that arrive within ``pollingTimeInMs``."""
        sample = batches.sample(self.spark_session, frame, options or {}, batch_function)
        return DynamicFrame(sample, self, "sample")

    def forEachBatch(
        self, frame: DataFrame, batch_function: Callable[[DataFrame, int], Any], options: Options = NO_OPTIONS
    ) -> None:
        """Call ``batch_function(data_frame, batchId)`` for every window that has records. Never returns.

        Options: windowSize, checkpointLocation, batchMaxRetries (3), persistDataFrame, storageLevel.
        See https://docs.aws.amazon.com/glue/latest/dg/glue-etl-scala-apis-glue-gluecontext.html
        """
        batches.for_each_batch(self.spark_session, frame, batch_function, options or {})

    def add_ingestion_time_columns(self, frame: DataFrame, time_granularity: str) -> DataFrame:
        """Add ingest_year, ingest_month and ingest_day, and by granularity ingest_hour and ingest_minute."""
        return ingestion.columns(frame, time_granularity)

    def start_transaction(self, read_only: bool) -> str:
        """Not supported: AWS has discontinued governed tables, the only tables with transactions."""
        unemulated.refuse("GlueContext.start_transaction")

    def commit_transaction(self, transaction_id: str, wait_for_commit: bool = True) -> bool:
        """Not supported, like start_transaction."""
        unemulated.refuse("GlueContext.commit_transaction")

    def cancel_transaction(self, transaction_id: str) -> None:
        """Not supported, like start_transaction."""
        unemulated.refuse("GlueContext.cancel_transaction")
