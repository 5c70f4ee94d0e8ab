"""DropNullFields, class style."""

from typing import Any

from .transform import GlueTransform


class DropNullFields(GlueTransform):
    """Drop the fields whose type is null.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-DropNullFields.html
    """

    returns = ("DynamicFrame", "the records transformed")

    def __call__(
        self, frame: Any, transformation_ctx: str = "", info: str = "", stageThreshold: int = 0, totalThreshold: int = 0
    ) -> Any:
        return frame.drop_null_fields(transformation_ctx, info, stageThreshold, totalThreshold)
