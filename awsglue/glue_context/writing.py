"""GlueContext's writing half: frames into files, tables and databases."""

from typing import Any

from pyspark.sql import DataFrame

from . import catalog, connections
from .arguments import refuse_unknown, table_named
from .collection import DynamicFrameCollection
from .data_sink import DataSink
from .frame import DynamicFrame
from .options import NO_OPTIONS, Options
from .sinks import s3 as s3_sink


class WritingContext:
    """The methods of GlueContext that write."""

    def getSink(
        self, connection_type: str, format: str | None = None, transformation_ctx: str = "", **options: Any
    ) -> DataSink:
        """Return a sink for files (connection_type s3) or for a database's table."""
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
        """Add records as new files or to a database's table; returns the frames of those that could not be written."""
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
        """Add records; raises TypeError for anything but a DynamicFrame or a collection of them."""
        refuse_unknown(kwargs, ("accumulator_size",))
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
        """Add a frame's records to a catalog table's files; its partitions only with enableUpdateCatalog."""
        database, table_name = table_named(database, table_name, kwargs)
        table = catalog.table(database, table_name, catalog_id)
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
        """Add a DataFrame's records to a catalog table, as write_dynamic_frame_from_catalog does."""
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
        """Add a frame's records to ``dbtable`` of the database that a Glue connection names."""
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
        """Add records to ``dbtable`` (in ``database``) of the database that a Glue connection names."""
        options = dict(connection_options or {})
        vendor, where = connections.database(catalog_connection, catalog_id, options.pop("database", None))
        return self.write_from_options(frame_or_dfc, vendor, {**where, **options})
