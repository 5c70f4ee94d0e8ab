"""Unbox, class style."""

from ..frames.frame import DynamicFrame
from .transform import GlueTransform, calls


class Unbox(GlueTransform):
    """Parse the text in a field into a struct.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-Unbox.html
    """

    returns = ("DynamicFrame", "the records transformed")

    __call__ = calls(DynamicFrame.unbox)
