"""Map, class style."""

from ..frames.frame import DynamicFrame
from .transform import GlueTransform, calls


class Map(GlueTransform):
    """Apply a function to each record.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-map.html
    """

    returns = ("DynamicFrame", "the records transformed")

    __call__ = calls(DynamicFrame.map)
