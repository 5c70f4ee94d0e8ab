"""Union, class style."""

from typing import Any

from .transform import GlueTransform


class Union(GlueTransform):
    """Combine the records of two frames.

    AWS has a page for the method only:
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-union
    """

    returns = ("DynamicFrame", "the records transformed")

    def __call__(
        self,
        frame1: Any,
        frame2: Any,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Any:
        return frame1.union(frame2, transformation_ctx, info, stageThreshold, totalThreshold)
