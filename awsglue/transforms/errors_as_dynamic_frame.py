"""ErrorsAsDynamicFrame, class style."""

from typing import Any

from .transform import GlueTransform


class ErrorsAsDynamicFrame(GlueTransform):
    """Return the error records of all steps up to a frame.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-ErrorsAsDynamicFrame.html
    """

    returns = ("DynamicFrame", "one record with the field error for each error")

    def __call__(self, frame: Any) -> Any:
        return frame.errorsAsDynamicFrame()
