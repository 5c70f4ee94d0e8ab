"""DynamicFrameReader and DynamicFrameWriter: the types of ``create_dynamic_frame`` and ``write_dynamic_frame``."""

from typing import Any

from ..options import NO_OPTIONS, Options
from .delegation import ContextMethods, context_method
from .reading import ReadingContext
from .writing import WritingContext


class DynamicFrameReader(ContextMethods):
    """Reads DynamicFrames."""

    from_options = context_method(ReadingContext.create_dynamic_frame_from_options)
    from_catalog = context_method(ReadingContext.create_dynamic_frame_from_catalog)

    def from_rdd(self, data: Any, name: str, schema: Any = None, sampleRatio: float | None = None) -> Any:
        """Convert an RDD to a frame."""
        return self._glue_context.create_dynamic_frame_from_rdd(data, name, schema, sampleRatio)


class DynamicFrameWriter(ContextMethods):
    """Writes DynamicFrames and collections of them."""

    from_options = context_method(WritingContext.write_dynamic_frame_from_options)
    from_catalog = context_method(WritingContext.write_dynamic_frame_from_catalog)

    def from_jdbc_conf(
        self,
        frame: Any,
        catalog_connection: str,
        connection_options: Options = NO_OPTIONS,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
    ) -> Any:
        """Write to the database of a Glue connection."""
        return self._glue_context.write_from_jdbc_conf(
            frame, catalog_connection, connection_options, redshift_tmp_dir, transformation_ctx
        )
