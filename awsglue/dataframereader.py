"""DataFrameReader: what ``create_data_frame`` is."""

from .handed_on import OfContext, to_context
from .reading import ReadingContext


class DataFrameReader(OfContext):
    """Reads Spark DataFrames."""

    from_options = to_context(ReadingContext.create_data_frame_from_options)
    from_catalog = to_context(ReadingContext.create_data_frame_from_catalog)
