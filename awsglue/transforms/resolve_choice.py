"""ResolveChoice, class style."""

from ..frames.frame import DynamicFrame
from .transform import GlueTransform, calls


class ResolveChoice(GlueTransform):
    """Resolve fields with several types.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-ResolveChoice.html
    """

    returns = ("DynamicFrame", "the records transformed")

    __call__ = calls(DynamicFrame.resolveChoice)
