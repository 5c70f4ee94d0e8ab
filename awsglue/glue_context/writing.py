"""The methods of GlueContext that write files, tables and databases."""

from typing import Any

from pyspark.sql import DataFrame

from ..collection import DynamicFrameCollection
from ..data_catalog import catalog_tables, connections
from ..data_sink import DataSink
from ..frames.frame import DynamicFrame
from ..options import NO_OPTIONS, Options
from ..sinks import s3 as s3_sink
from .arguments import ignore_unknown, table_named


class WritingContext:
    """The methods of GlueContext that write."""

    def getSink(
        self, connection_type: str, format: str | None = None, transformation_ctx: str = "", **options: Any
    ) -> DataSink:
        """Return a sink for files (connection_type s3) or for a database table."""
        sink = DataSink(self, connection_type, options)
        if format:
            sink.setFormat(format)
        return sink

    def write_dynamic_frame_from_options(
        self,
        /,
        frame: DynamicFrame | DynamicFrameCollection,
        connection_type: str,
        connection_options: Options = NO_OPTIONS,
        format: str | None = None,
        format_options: Options = NO_OPTIONS,
        transformation_ctx: str = "",
    ) -> Any:
        """Append records as new files or to a database table; returns the error frame."""
        return self.write_from_options(frame, connection_type, connection_options, format, format_options)

    def write_from_options(
        self,
        frame_or_dfc: Any,
        connection_type: str,
        connection_options: Options = NO_OPTIONS,
        format: Any = NO_OPTIONS,  # as AWS documents it
        format_options: Options = NO_OPTIONS,
        transformation_ctx: str = "",
        **kwargs: Any,
    ) -> Any:
        """Append records; raises TypeError unless given a DynamicFrame or a DynamicFrameCollection."""
        ignore_unknown(kwargs, ("accumulator_size",))
        if not isinstance(frame_or_dfc, (DynamicFrame, DynamicFrameCollection)):
            raise TypeError(f"frame_or_dfc must be DynamicFrame or DynamicFrameCollection. Got {type(frame_or_dfc)}")
        sink = self.getSink(connection_type, **dict(connection_options or {}))
        sink.setFormat(format or None, **(format_options or {}))
        return sink.write(frame_or_dfc)

    def write_dynamic_frame_from_catalog(
        self,
        /,
        frame: DynamicFrame,
        database: str | None = None,
        table_name: str | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        additional_options: Options = NO_OPTIONS,
        catalog_id: str | None = None,
        **kwargs: Any,
    ) -> DynamicFrame:
        """Append records to a catalog table; new partitions are registered only with enableUpdateCatalog."""
        database, table_name = table_named(database, table_name, kwargs)
        table = catalog_tables.table(database, table_name, catalog_id)
        s3_sink.write_table(frame.toDF(), table, additional_options or {}, catalog_id)
        return frame.errors_frame()

    def write_data_frame_from_catalog(
        self,
        /,
        frame: DataFrame,
        database: str | None = None,
        table_name: str | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        additional_options: Options = NO_OPTIONS,
        catalog_id: str | None = None,
        **kwargs: Any,
    ) -> DynamicFrame:
        """Append a DataFrame to a catalog table, as write_dynamic_frame_from_catalog does."""
        return self.write_dynamic_frame_from_catalog(
            DynamicFrame(frame, self, ""),
            database,
            table_name,
            redshift_tmp_dir,
            transformation_ctx,
            additional_options,
            catalog_id,
            **kwargs,
        )

    def write_dynamic_frame_from_jdbc_conf(
        self,
        frame: DynamicFrame,
        catalog_connection: str,
        connection_options: Options = NO_OPTIONS,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        catalog_id: str | None = None,
    ) -> None:
        """Append records to ``dbtable`` in the database of a Glue connection."""
        self.write_from_jdbc_conf(frame, catalog_connection, connection_options, redshift_tmp_dir)

    def write_from_jdbc_conf(
        self,
        frame_or_dfc: Any,
        catalog_connection: str,
        connection_options: Options = NO_OPTIONS,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        catalog_id: str | None = None,
    ) -> Any:
        """Append records to ``dbtable`` in the database of a Glue connection, or in ``database`` of its server."""
        options = dict(connection_options or {})
        vendor, where = connections.database(catalog_connection, catalog_id, options.pop("database", None))
        return self.write_from_options(frame_or_dfc, vendor, {**where, **options})
