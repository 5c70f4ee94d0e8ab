"""SelectFields, class style."""

from ..frames.frame import DynamicFrame
from .transform import GlueTransform, calls


class SelectFields(GlueTransform):
    """Keep only the listed fields.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-SelectFields.html
    """

    returns = ("DynamicFrame", "the records transformed")

    __call__ = calls(DynamicFrame.select_fields)
