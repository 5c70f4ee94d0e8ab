"""Repartition, class style."""

from typing import Any

from .transform import GlueTransform


class Repartition(GlueTransform):
    """Bring the records into so many partitions.

    AWS has a page for the method only:
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-repartition
    """

    returns = ("DynamicFrame", "the records transformed")

    def __call__(
        self,
        frame: Any,
        num_partitions: int,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Any:
        return frame.repartition(num_partitions, transformation_ctx, info, stageThreshold, totalThreshold)
