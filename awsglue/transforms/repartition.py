"""Repartition."""

from typing import Any

from awsglue.dynamicframe import DynamicFrame
from awsglue.transforms.transform import GlueTransform


class Repartition(GlueTransform):
    """Spreads the records over a number of partitions."""

    def __call__(self, frame: DynamicFrame, num_partitions: int, **tail: Any) -> DynamicFrame:
        return frame.repartition(num_partitions, **tail)
