"""The objects behind ``create_dynamic_frame`` and ``write_dynamic_frame``."""

from typing import Any

from .handed_on import OfContext, to_context
from .options import NO_OPTIONS, Options
from .reading import ReadingContext
from .writing import WritingContext


class DynamicFrameReader(OfContext):
    """Reads DynamicFrames."""

    from_options = to_context(ReadingContext.create_dynamic_frame_from_options)
    from_catalog = to_context(ReadingContext.create_dynamic_frame_from_catalog)

    def from_rdd(self, data: Any, name: str, schema: Any = None, sampleRatio: float | None = None) -> Any:
        """Return a frame of an RDD."""
        return self._glue_context.create_dynamic_frame_from_rdd(data, name, schema, sampleRatio)


class DynamicFrameWriter(OfContext):
    """Writes DynamicFrames, and collections of them."""

    from_options = to_context(WritingContext.write_dynamic_frame_from_options)
    from_catalog = to_context(WritingContext.write_dynamic_frame_from_catalog)

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
