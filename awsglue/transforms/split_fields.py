"""SplitFields, class style."""

from typing import Any

from .transform import GlueTransform


class SplitFields(GlueTransform):
    """Split a frame in two by fields.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-SplitFields.html
    """

    returns = ("DynamicFrameCollection", "the frames")

    def __call__(
        self,
        frame: Any,
        paths: Any,
        name1: str | None = None,
        name2: str | None = None,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Any:
        names = (name1 or f"{frame.name}1", name2 or f"{frame.name}2")
        return frame.split_fields(paths, *names, transformation_ctx, info, stageThreshold, totalThreshold)
