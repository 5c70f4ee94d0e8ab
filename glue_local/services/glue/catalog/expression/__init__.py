"""The expression language of GetPartitions."""

from glue_local.services.glue.catalog.expression.parse import Selection, leading, parse

__all__ = ["Selection", "leading", "parse"]
