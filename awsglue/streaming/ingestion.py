"""Ingestion time as columns to partition by."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

_PARTS = {"year": "yyyy", "month": "MM", "day": "dd", "hour": "HH", "minute": "mm"}
_GRANULARITIES = {"day": 3, "hour": 4, "minute": 5}


def columns(frame: DataFrame, granularity: str) -> DataFrame:
    """Add ingest_year and so on down to the granularity, from the processing time."""
    if granularity not in _GRANULARITIES:
        raise ValueError(f"time_granularity must be one of {', '.join(_GRANULARITIES)}, not {granularity!r}")
    wanted = list(_PARTS.items())[: _GRANULARITIES[granularity]]
    return frame.withColumns({f"ingest_{name}": F.date_format(F.current_timestamp(), form) for name, form in wanted})
