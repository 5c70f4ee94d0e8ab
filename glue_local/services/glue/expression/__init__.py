"""The expression language in which GetPartitions selects partitions."""

from glue_local.services.glue.expression.parse import Truth, leading, parse

__all__ = ["Truth", "leading", "parse"]
