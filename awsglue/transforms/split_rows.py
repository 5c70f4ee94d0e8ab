"""SplitRows, class style."""

from typing import Any

from .transform import GlueTransform


class SplitRows(GlueTransform):
    """Split a frame in two by comparisons.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-SplitRows.html
    """

    returns = ("DynamicFrameCollection", "the frames")

    def __call__(
        self,
        frame: Any,
        comparison_dict: Any,
        name1: str = "frame1",
        name2: str = "frame2",
        transformation_ctx: str = "",
        info: Any = None,
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Any:
        return frame.split_rows(comparison_dict, name1, name2, transformation_ctx, info, stageThreshold, totalThreshold)
