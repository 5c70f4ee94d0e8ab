"""UnnestFrame, class style."""

from typing import Any

from .transform import GlueTransform


class UnnestFrame(GlueTransform):
    """Make nested fields top-level ones.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-UnnestFrame.html
    """

    returns = ("DynamicFrame", "the records transformed")

    def __call__(
        self, frame: Any, transformation_ctx: str = "", info: str = "", stageThreshold: int = 0, totalThreshold: int = 0
    ) -> Any:
        return frame.unnest(transformation_ctx, info, stageThreshold, totalThreshold)
