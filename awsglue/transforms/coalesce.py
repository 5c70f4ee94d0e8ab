"""Coalesce, class style."""

from ..frames.frame import DynamicFrame
from .transform import GlueTransform, calls


class Coalesce(GlueTransform):
    """Reduce the number of partitions.

    AWS has a page for the method only:
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html#aws-glue-api-crawler-pyspark-extensions-dynamic-frame-coalesce
    """

    returns = ("DynamicFrame", "the records transformed")

    __call__ = calls(DynamicFrame.coalesce)
