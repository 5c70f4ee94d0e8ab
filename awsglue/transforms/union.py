"""Union."""

from typing import Any

from awsglue.dynamicframe import DynamicFrame
from awsglue.transforms.transform import GlueTransform


class Union(GlueTransform):
    """Puts the records of two frames into one."""

    def __call__(self, frame1: DynamicFrame, frame2: DynamicFrame, **tail: Any) -> DynamicFrame:
        return frame1.union(frame2, **tail)
