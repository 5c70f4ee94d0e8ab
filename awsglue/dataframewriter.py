"""DataFrameWriter, the type of ``GlueContext.write_data_frame``."""

from .glue_context.delegation import ContextMethods, context_method
from .glue_context.writing import WritingContext


class DataFrameWriter(ContextMethods):
    """Writes Spark DataFrames."""

    from_catalog = context_method(WritingContext.write_data_frame_from_catalog)
