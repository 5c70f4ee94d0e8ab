"""When records came in, as columns to partition by."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

_PARTS = {"year": "yyyy", "month": "MM", "day": "dd", "hour": "HH", "minute": "mm"}
_GRANULARITIES = {"day": 3, "hour": 4, "minute": 5}


def columns(frame: DataFrame, granularity: str) -> DataFrame:
    """Return the frame with ingest_year … down to the granularity, of the moment it is processed."""
    if granularity not in _GRANULARITIES:
        raise ValueError(f"time_granularity is {', '.join(_GRANULARITIES)}, not {granularity!r}")
    wanted = list(_PARTS.items())[: _GRANULARITIES[granularity]]
    return frame.withColumns({f"ingest_{name}": F.date_format(F.current_timestamp(), form) for name, form in wanted})
