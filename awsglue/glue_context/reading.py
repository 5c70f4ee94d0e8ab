"""The methods of GlueContext that read files, tables, databases and streams."""

import uuid
from os.path import commonprefix
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructType

from .. import unemulated
from ..bookmarks import Bookmarks
from ..data_catalog import catalog_tables
from ..data_source import DataSource
from ..frames.frame import DynamicFrame
from ..options import NO_OPTIONS, Options
from ..sources import tables
from ..sources.s3 import BookmarkedRead
from ..streaming import kinesis
from ..streaming_data_source import StreamingDataSource
from .arguments import table_named


class ReadingContext:
    """The methods of GlueContext that read."""

    spark_session: SparkSession
    bookmarks: Bookmarks | None

    def getSource(
        self,
        connection_type: str,
        format: str | None = None,
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        **options: Any,
    ) -> DataSource:
        """Return a source that reads when its ``getFrame`` is called."""
        source = DataSource(self, connection_type, options, transformation_ctx, push_down_predicate)
        if format:
            source.setFormat(format)
        return source

    def getStreamingSource(
        self,
        connection_type: str,
        format: str | None = None,
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        **options: Any,
    ) -> StreamingDataSource:
        """Return a source for a stream (connection_type kinesis)."""
        source = StreamingDataSource(self, connection_type, options)
        if format:
            source.setFormat(format)
        return source

    def get_catalog_schema_as_spark_schema(
        self, database: str | None = None, table_name: str | None = None, catalog_id: str | None = None
    ) -> StructType:
        """Return the columns of a catalog table, partition keys last, as a Spark schema."""
        database, table_name = table_named(database, table_name, {})
        return catalog_tables.spark_schema(self.spark_session, catalog_tables.table(database, table_name, catalog_id))

    def create_dynamic_frame_from_rdd(
        self, data: Any, name: str, schema: Any = None, sample_ratio: float | None = None, transformation_ctx: str = ""
    ) -> DynamicFrame:
        """Convert an RDD of rows, dicts or tuples to a frame."""
        return DynamicFrame(self.spark_session.createDataFrame(data, schema, sample_ratio), self, name)

    def create_dynamic_frame_from_catalog(
        self,
        /,
        database: str | None = None,
        table_name: str | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        additional_options: Options = NO_OPTIONS,
        catalog_id: str | None = None,
        **kwargs: Any,
    ) -> DynamicFrame:
        """Return the records of a catalog table; with a bookmark only those of new files."""
        database, table_name = table_named(database, table_name, kwargs)
        table = catalog_tables.table(database, table_name, catalog_id)
        reading = BookmarkedRead(self.bookmarks, transformation_ctx)
        frame = tables.frame(self.spark_session, table, push_down_predicate, additional_options or {}, reading)
        return DynamicFrame(frame, self, table_name)

    def create_data_frame_from_catalog(
        self,
        /,
        database: str | None = None,
        table_name: str | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        additional_options: Options = NO_OPTIONS,
        catalog_id: str | None = None,
        **kwargs: Any,
    ) -> DataFrame:
        """Return the records of a catalog table as a DataFrame; a streaming one if the table is a Kinesis stream."""
        database, table_name = table_named(database, table_name, kwargs)
        table = catalog_tables.table(database, table_name, catalog_id)
        if kinesis.is_stream(table):
            return kinesis.table_frame(self.spark_session, table, additional_options or {})
        return self.create_dynamic_frame_from_catalog(
            database,
            table_name,
            redshift_tmp_dir,
            transformation_ctx,
            push_down_predicate,
            additional_options,
            catalog_id,
        ).toDF()

    def create_dynamic_frame_from_options(
        self,
        /,
        connection_type: str,
        connection_options: Options = NO_OPTIONS,
        format: str | None = None,
        format_options: Options = NO_OPTIONS,
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        **kwargs: Any,
    ) -> DynamicFrame:
        """Return the records of files (connection_type s3) or of a database table."""
        options = dict(connection_options or {})
        source = DataSource(self, connection_type, options, transformation_ctx, push_down_predicate)
        source.setFormat(format, **(format_options or {}))
        source.name = name_of(options.get("paths"))
        return source.getFrame(**kwargs)

    def create_data_frame_from_options(
        self,
        /,
        connection_type: str,
        connection_options: Options = NO_OPTIONS,
        format: str | None = None,
        format_options: Options = NO_OPTIONS,
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        **kwargs: Any,
    ) -> DataFrame:
        """Return records as a DataFrame; a streaming one for connection_type kinesis."""
        if connection_type.lower() in kinesis.CONNECTION_TYPES:
            source = StreamingDataSource(self, connection_type, dict(connection_options or {}))
            source.setFormat(format, **(format_options or {}))
            return source.getFrame()
        return self.create_dynamic_frame_from_options(
            connection_type,
            connection_options,
            format,
            format_options,
            transformation_ctx,
            push_down_predicate,
            **kwargs,
        ).toDF()

    def create_sample_dynamic_frame_from_catalog(
        self,
        database: str | None = None,
        table_name: str | None = None,
        num: int | None = None,
        sample_options: Options = NO_OPTIONS,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        additional_options: Options = NO_OPTIONS,
        catalog_id: str | None = None,
        erieTxId: str = "",
        asOfTime: str = "",
        **kwargs: Any,
    ) -> list[Any]:
        """Return up to ``num`` records of a catalog table; ``sample_options`` limit the work, not the result."""
        if erieTxId or asOfTime:
            unemulated.refuse("reading a table as of a transaction or time (erieTxId, asOfTime)")
        database, table_name = table_named(database, table_name, kwargs)
        table = catalog_tables.table(database, table_name, catalog_id)
        reading = BookmarkedRead(None, "")
        return tables.sample(
            tables.frame(self.spark_session, table, push_down_predicate, additional_options or {}, reading), num
        )

    def create_sample_dynamic_frame_from_options(
        self,
        connection_type: str,
        connection_options: Options = NO_OPTIONS,
        num: int | None = None,
        sample_options: Options = NO_OPTIONS,
        format: str | None = None,
        format_options: Options = NO_OPTIONS,
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        **kwargs: Any,
    ) -> list[Any]:
        """Return up to ``num`` records of files or of a database table."""
        source = DataSource(self, connection_type, dict(connection_options or {}), "", push_down_predicate)
        source.setFormat(format, **(format_options or {}))
        return source.getSampleFrame(num, **kwargs)


def name_of(paths: Any) -> str:
    """Return the name of a frame read from files: the common prefix of the paths, or a unique name without paths."""
    if not paths:
        return str(uuid.uuid1()).replace("-", "_")
    prefix = commonprefix([paths] if isinstance(paths, str) else list(paths))
    without_scheme = prefix.split("://", 1)[-1]
    return without_scheme.translate(str.maketrans("", "", ":/."))
