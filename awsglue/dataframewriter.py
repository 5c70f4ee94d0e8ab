"""DataFrameWriter: what ``write_data_frame`` is."""

from .handed_on import OfContext, to_context
from .writing import WritingContext


class DataFrameWriter(OfContext):
    """Writes Spark DataFrames."""

    from_catalog = to_context(WritingContext.write_data_frame_from_catalog)
