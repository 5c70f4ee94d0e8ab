"""Repartition, class style."""

from typing import Any

from awsglue.transforms.transform import GlueTransform


class Repartition(GlueTransform):
    """Spread the records over a number of partitions."""

    def __call__(self, frame: Any, num_partitions: int, **tail: Any) -> Any:
        return frame.repartition(num_partitions, **tail)
