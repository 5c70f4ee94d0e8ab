"""DropFields, class style."""

from ..frames.frame import DynamicFrame
from .transform import GlueTransform, calls


class DropFields(GlueTransform):
    """Drop fields.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-DropFields.html
    """

    returns = ("DynamicFrame", "the records transformed")

    __call__ = calls(DynamicFrame.drop_fields)
