"""Join, class style."""

from typing import Any

from .transform import GlueTransform


class Join(GlueTransform):
    """Join two frames where keys are equal.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-join.html
    """

    returns = ("DynamicFrame", "the records transformed")

    def __call__(self, frame1: Any, frame2: Any, keys1: Any, keys2: Any, transformation_ctx: str = "") -> Any:
        return frame1.join(keys1, keys2, frame2, transformation_ctx)
