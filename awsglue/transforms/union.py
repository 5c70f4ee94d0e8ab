"""Union, class style."""

from typing import Any

from awsglue.transforms.transform import GlueTransform


class Union(GlueTransform):
    """Put the records of two frames into one."""

    def __call__(self, frame1: Any, frame2: Any, **tail: Any) -> Any:
        return frame1.union(frame2, **tail)
