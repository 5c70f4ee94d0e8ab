"""Filter, class style."""

from ..frames.frame import DynamicFrame
from .transform import GlueTransform, calls


class Filter(GlueTransform):
    """Keep the records for which a function is true.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-filter.html
    """

    returns = ("DynamicFrame", "the records transformed")

    __call__ = calls(DynamicFrame.filter)
