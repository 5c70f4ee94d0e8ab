"""Glue's transforms for Spark DataFrames."""

from typing import Any

from pyspark.sql import DataFrame

from . import mapping


class ApplyMapping:
    """Rename, cast, nest and un-nest columns of a DataFrame."""

    @classmethod
    def apply(cls, frame: DataFrame, mappings: Any) -> DataFrame:
        """Return the mapped columns only; mappings are those of DynamicFrame.apply_mapping."""
        return mapping.apply(frame, mapping.read(mappings))
