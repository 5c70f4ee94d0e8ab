"""The objects behind ``create_dynamic_frame`` and ``write_dynamic_frame``."""

from typing import Any

from .options import NO_OPTIONS, Options


class DynamicFrameReader:
    """Reads DynamicFrames; arguments are those of the context's methods."""

    def __init__(self, glue_context: Any) -> None:
        self._glue_context = glue_context

    def from_rdd(self, data: Any, name: str, schema: Any = None, sampleRatio: float | None = None) -> Any:
        """Return a frame of an RDD."""
        return self._glue_context.create_dynamic_frame_from_rdd(data, name, schema, sampleRatio)

    def from_options(
        self,
        connection_type: str,
        connection_options: Options = NO_OPTIONS,
        format: str | None = None,
        format_options: Options = NO_OPTIONS,
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        **kwargs: Any,
    ) -> Any:
        """Return a frame of files, or of a database's table."""
        return self._glue_context.create_dynamic_frame_from_options(
            connection_type,
            connection_options,
            format,
            format_options,
            transformation_ctx,
            push_down_predicate,
            **kwargs,
        )

    def from_catalog(
        self,
        database: str | None = None,
        table_name: str | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        additional_options: Options = NO_OPTIONS,
        catalog_id: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """Return a frame of a catalog table."""
        return self._glue_context.create_dynamic_frame_from_catalog(
            database,
            table_name,
            redshift_tmp_dir,
            transformation_ctx,
            push_down_predicate,
            additional_options,
            catalog_id,
            **kwargs,
        )


class DynamicFrameWriter:
    """Writes DynamicFrames, and collections of them; arguments are those of the context's methods."""

    def __init__(self, glue_context: Any) -> None:
        self._glue_context = glue_context

    def from_options(
        self,
        frame: Any,
        connection_type: str,
        connection_options: Options = NO_OPTIONS,
        format: str | None = None,
        format_options: Options = NO_OPTIONS,
        transformation_ctx: str = "",
    ) -> Any:
        """Write as files, or into a database's table."""
        return self._glue_context.write_from_options(
            frame, connection_type, connection_options, format, format_options, transformation_ctx
        )

    def from_catalog(
        self,
        frame: Any,
        database: str | None = None,
        table_name: str | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        additional_options: Options = NO_OPTIONS,
        catalog_id: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """Write into a catalog table."""
        return self._glue_context.write_dynamic_frame_from_catalog(
            frame,
            database,
            table_name,
            redshift_tmp_dir,
            transformation_ctx,
            additional_options,
            catalog_id,
            **kwargs,
        )

    def from_jdbc_conf(
        self,
        frame: Any,
        catalog_connection: str,
        connection_options: Options = NO_OPTIONS,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
    ) -> Any:
        """Write into the database that a Glue connection names."""
        return self._glue_context.write_from_jdbc_conf(
            frame, catalog_connection, connection_options, redshift_tmp_dir, transformation_ctx
        )
