"""DataFrameReader, the type of ``GlueContext.create_data_frame``."""

from .glue_context.delegation import ContextMethods, context_method
from .glue_context.reading import ReadingContext


class DataFrameReader(ContextMethods):
    """Reads Spark DataFrames."""

    from_options = context_method(ReadingContext.create_data_frame_from_options)
    from_catalog = context_method(ReadingContext.create_data_frame_from_catalog)
