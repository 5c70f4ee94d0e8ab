"""GlueContext: where a script gets its frames from and puts them."""

import logging
import sys
import time
import uuid
from collections.abc import Mapping
from os.path import commonprefix
from typing import Any

from pyspark.context import SparkContext
from pyspark.sql import DataFrame, SparkSession

from awsglue import catalog, unemulated
from awsglue.bookmarks import Bookmarks
from awsglue.collection import DynamicFrameCollection
from awsglue.frame import DynamicFrame
from awsglue.readers import DataFrameReader, DataFrameWriter, DynamicFrameReader, DynamicFrameWriter
from awsglue.sinks import s3 as s3_sink
from awsglue.sinks.sink import DataSink
from awsglue.sources import s3

_BOOKMARKS = "_glue_bookmarks"


def keep_bookmarks(session: SparkSession, bookmarks: Bookmarks | None) -> None:
    """Let every context of ``session`` read by these bookmarks; None turns them off."""
    setattr(session, _BOOKMARKS, bookmarks)


def bookmarks_of(session: SparkSession) -> Bookmarks | None:
    """Return the bookmarks of the run that uses ``session``; None when they are off."""
    return getattr(session, _BOOKMARKS, None)


class _ErrorLog(logging.Handler):
    """Writes to what is standard error at the time: a process of tests has another for each."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(f"{self.format(record)}\n")


class GlueContext(unemulated.Loud):
    """The entry of a Glue script.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-glue-context.html
    """

    Spark_SQL_Formats = {"parquet", "orc"}
    Unsupported_Compression_Types = {"lzo"}
    _unemulated = unemulated.CONTEXT

    def __init__(self, sparkContext: SparkContext | SparkSession | None = None, **options: Any) -> None:
        if isinstance(sparkContext, SparkSession):
            self.spark_session = sparkContext
        else:
            if sparkContext is None:
                SparkContext.getOrCreate()
            self.spark_session = SparkSession.builder.getOrCreate()
        self._sc = self.spark_session.sparkContext
        self.create_dynamic_frame = DynamicFrameReader(self)
        self.create_data_frame = DataFrameReader(self)
        self.write_dynamic_frame = DynamicFrameWriter(self)
        self.write_data_frame = DataFrameWriter(self)

    @property
    def bookmarks(self) -> Bookmarks | None:
        """The bookmarks of the run, which all contexts of the session share; None when they are off."""
        return bookmarks_of(self.spark_session)

    @bookmarks.setter
    def bookmarks(self, bookmarks: Bookmarks | None) -> None:
        keep_bookmarks(self.spark_session, bookmarks)

    @property
    def sparkSession(self) -> SparkSession:
        """Return the session, as SQLContext names it."""
        return self.spark_session

    @property
    def read(self) -> Any:
        """Return the session's reader, as SQLContext has it."""
        return self.spark_session.read

    def sql(self, sqlQuery: str) -> DataFrame:
        """Return the result of a Spark SQL query."""
        return self.spark_session.sql(sqlQuery)

    def get_logger(self) -> logging.Logger:
        """Return a logger with info, warn and error; it writes to the job's error log."""
        logger = logging.getLogger("GlueLogger")
        # Others, a test's runner among them, may have given it handlers of their own.
        if not any(isinstance(handler, _ErrorLog) for handler in logger.handlers):
            handler = _ErrorLog()
            handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
            logger.addHandler(handler)
            logger.setLevel(logging.INFO)
            logger.propagate = False
        return logger

    def currentTimeMillis(self) -> int:
        """Return milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def create_dynamic_frame_from_rdd(
        self, data: Any, name: str, schema: Any = None, sample_ratio: float | None = None, transformation_ctx: str = ""
    ) -> DynamicFrame:
        """Return a frame of an RDD of rows, dicts or tuples."""
        return DynamicFrame(self.spark_session.createDataFrame(data, schema, sample_ratio), self, name)

    def create_dynamic_frame_from_catalog(
        self,
        database: str | None = None,
        table_name: str | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        additional_options: Mapping[str, Any] | None = None,
        catalog_id: str | None = None,
        **kwargs: Any,
    ) -> DynamicFrame:
        """Return a catalog table's records, named like the table; with a bookmark only those of new files."""
        database, table_name = _table_named(database, table_name, kwargs)
        frame = s3.table_frame(
            self.spark_session,
            catalog.table(database, table_name, catalog_id),
            push_down_predicate,
            additional_options or {},
            self._reading(transformation_ctx),
        )
        return DynamicFrame(frame, self, table_name)

    def create_data_frame_from_catalog(self, *args: Any, **kwargs: Any) -> DataFrame:
        """Return a catalog table's records as a DataFrame; arguments as of create_dynamic_frame_from_catalog."""
        return self.create_dynamic_frame_from_catalog(*args, **kwargs).toDF()

    def create_dynamic_frame_from_options(
        self,
        connection_type: str,
        connection_options: Mapping[str, Any] | None = None,
        format: str | None = None,
        format_options: Mapping[str, Any] | None = None,
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        **kwargs: Any,
    ) -> DynamicFrame:
        """Return the records of files (connection_type s3; format json, csv or parquet)."""
        _refuse_unknown(kwargs)
        options = dict(connection_options or {})
        if connection_type in ("parquet", "s3") and push_down_predicate:
            raise NotImplementedError(
                "push_down_predicate is not emulated yet for from_options, it is for from_catalog"
            )
        if connection_type == "parquet":
            format = "parquet"
        elif connection_type != "s3":
            raise NotImplementedError(
                f"the connection_type {connection_type!r} is not emulated yet as a source; 's3' is"
            )
        if not format:
            raise ValueError("connection_type s3 needs a format: json, csv or parquet")
        frame = s3.frame(self.spark_session, format, options, format_options or {}, self._reading(transformation_ctx))
        return DynamicFrame(frame, self, _name_of(options.get("paths")))

    def create_data_frame_from_options(self, *args: Any, **kwargs: Any) -> DataFrame:
        """Return files' records as a DataFrame; arguments as of create_dynamic_frame_from_options."""
        return self.create_dynamic_frame_from_options(*args, **kwargs).toDF()

    def getSink(
        self, connection_type: str, format: str | None = None, transformation_ctx: str = "", **options: Any
    ) -> DataSink:
        """Return a sink for files (connection_type s3)."""
        if connection_type != "s3":
            raise NotImplementedError(f"the connection_type {connection_type!r} is not emulated yet as a sink; 's3' is")
        sink = DataSink(self, options)
        if format:
            sink.setFormat(format)
        return sink

    def write_dynamic_frame_from_options(
        self,
        frame: DynamicFrame,
        connection_type: str,
        connection_options: Mapping[str, Any] | None = None,
        format: str | None = None,
        format_options: Mapping[str, Any] | None = None,
        transformation_ctx: str = "",
    ) -> DynamicFrame:
        """Add a frame's records as new files; returns the frame of those that could not be written."""
        written: DynamicFrame = self.write_from_options(
            frame, connection_type, connection_options, format, format_options
        )
        return written

    def write_from_options(
        self,
        frame_or_dfc: Any,
        connection_type: str,
        connection_options: Mapping[str, Any] | None = None,
        format: Any = None,
        format_options: Mapping[str, Any] | None = None,
        transformation_ctx: str = "",
        **kwargs: Any,
    ) -> Any:
        """Add records as new files; raises TypeError for anything but a DynamicFrame or a collection of them."""
        _refuse_unknown(kwargs)
        if isinstance(frame_or_dfc, DynamicFrameCollection):
            raise NotImplementedError("writing a DynamicFrameCollection is not emulated yet; write its frames")
        if not isinstance(frame_or_dfc, DynamicFrame):
            raise TypeError(f"frame_or_dfc must be DynamicFrame or DynamicFrameCollection. Got {type(frame_or_dfc)}")
        sink = self.getSink(connection_type, **dict(connection_options or {}))
        sink.setFormat(format, **(format_options or {}))
        return sink.writeFrame(frame_or_dfc)

    def write_dynamic_frame_from_catalog(
        self,
        frame: DynamicFrame,
        database: str | None = None,
        table_name: str | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        additional_options: Mapping[str, Any] | None = None,
        catalog_id: str | None = None,
        **kwargs: Any,
    ) -> DynamicFrame:
        """Add a frame's records to a catalog table's files; its partitions only with enableUpdateCatalog."""
        database, table_name = _table_named(database, table_name, kwargs)
        table = catalog.table(database, table_name, catalog_id)
        s3_sink.write_table(frame.toDF(), table, additional_options or {}, catalog_id)
        return frame.errors_frame()

    def write_data_frame_from_catalog(self, frame: DataFrame, *args: Any, **kwargs: Any) -> DynamicFrame:
        """Add a DataFrame's records to a catalog table; arguments as of write_dynamic_frame_from_catalog."""
        return self.write_dynamic_frame_from_catalog(DynamicFrame(frame, self, ""), *args, **kwargs)

    def _reading(self, transformation_ctx: str) -> s3.Reading:
        return s3.Reading(self.bookmarks, transformation_ctx)


def _table_named(database: str | None, table_name: str | None, kwargs: Mapping[str, Any]) -> tuple[str, str]:
    _refuse_unknown(kwargs, ("name_space",))
    alias = kwargs.get("name_space")
    if database is not None and alias is not None:
        raise Exception("Parameter name_space and database are both specified, choose one.")
    if database is None and alias is None:
        raise Exception("Parameter name_space or database is missing.")
    if table_name is None:
        raise Exception("Parameter table_name is missing.")
    return str(database if database is not None else alias), table_name


def _refuse_unknown(kwargs: Mapping[str, Any], known: tuple[str, ...] = ()) -> None:
    # Glue passes them over; a misspelt push_down_predicate would read the whole table.
    unknown = [name for name in kwargs if name not in known]
    if unknown:
        raise TypeError(f"unexpected keyword argument {unknown[0]!r}")


def _name_of(paths: Any) -> str:
    if not paths:
        return str(uuid.uuid1()).replace("-", "_")
    prefix = commonprefix([paths] if isinstance(paths, str) else list(paths))
    without_scheme = prefix.split("://", 1)[-1]
    return without_scheme.translate(str.maketrans("", "", ":/."))
