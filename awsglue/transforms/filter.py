"""Filter, class style."""

from typing import Any

from .transform import GlueTransform


class Filter(GlueTransform):
    """Keep the records for which a function is true.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-filter.html
    """

    returns = ("DynamicFrame", "the records transformed")

    def __call__(
        self,
        frame: Any,
        f: Any,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Any:
        return frame.filter(f, transformation_ctx, info, stageThreshold, totalThreshold)
