"""UnnestFrame, class style."""

from ..frames.frame import DynamicFrame
from .transform import GlueTransform, calls


class UnnestFrame(GlueTransform):
    """Turn nested fields into top-level fields.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-UnnestFrame.html
    """

    returns = ("DynamicFrame", "the records transformed")

    __call__ = calls(DynamicFrame.unnest)
