"""Coalesce."""

from typing import Any

from awsglue.dynamicframe import DynamicFrame
from awsglue.transforms.transform import GlueTransform


class Coalesce(GlueTransform):
    """Gathers the records in fewer partitions."""

    def __call__(self, frame: DynamicFrame, num_partitions: int, shuffle: bool = False, **tail: Any) -> DynamicFrame:
        return frame.coalesce(num_partitions, shuffle, **tail)
