"""Glue transforms for Spark DataFrames."""

from typing import Any

from pyspark.sql import DataFrame

from .columns import mapping


class ApplyMapping:
    """Rename, cast, nest and unnest columns of a DataFrame."""

    @classmethod
    def apply(cls, frame: DataFrame, mappings: Any) -> DataFrame:
        """Return only the mapped columns; mappings as for DynamicFrame.apply_mapping."""
        return mapping.apply(frame, mapping.parse(mappings))
