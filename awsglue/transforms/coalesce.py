"""Coalesce, class style."""

from typing import Any

from awsglue.transforms.transform import GlueTransform


class Coalesce(GlueTransform):
    """Gather the records in fewer partitions."""

    def __call__(self, frame: Any, num_partitions: int, shuffle: bool = False, **tail: Any) -> Any:
        return frame.coalesce(num_partitions, shuffle, **tail)
