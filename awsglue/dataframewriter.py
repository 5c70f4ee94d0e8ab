"""DataFrameWriter: what ``write_data_frame`` is."""

from typing import Any

from .options import NO_OPTIONS, Options


class DataFrameWriter:
    """Writes Spark DataFrames; arguments are those of the context's methods."""

    def __init__(self, glue_context: Any) -> None:
        self._glue_context = glue_context

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
        return self._glue_context.write_data_frame_from_catalog(
            frame,
            database,
            table_name,
            redshift_tmp_dir,
            transformation_ctx,
            additional_options,
            catalog_id,
            **kwargs,
        )
