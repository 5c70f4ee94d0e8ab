"""DataFrameReader: what ``create_data_frame`` is."""

from typing import Any

from .options import NO_OPTIONS, Options


class DataFrameReader:
    """Reads Spark DataFrames; arguments are those of the context's methods."""

    def __init__(self, glue_context: Any) -> None:
        self._glue_context = glue_context

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
        """Return a DataFrame of files, of a database's table or of a stream."""
        return self._glue_context.create_data_frame_from_options(
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
        """Return a DataFrame of a catalog table."""
        return self._glue_context.create_data_frame_from_catalog(
            database,
            table_name,
            redshift_tmp_dir,
            transformation_ctx,
            push_down_predicate,
            additional_options,
            catalog_id,
            **kwargs,
        )
