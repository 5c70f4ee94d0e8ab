"""The expression language in which GetPartitions selects partitions."""

from glue_local.services.glue.expression.parse import Selection, leading, parse

__all__ = ["Selection", "leading", "parse"]
