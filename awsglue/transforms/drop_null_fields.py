"""DropNullFields, class style."""

from ..frames.frame import DynamicFrame
from .transform import GlueTransform, calls


class DropNullFields(GlueTransform):
    """Drop the fields of type null.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-DropNullFields.html
    """

    returns = ("DynamicFrame", "the records transformed")

    __call__ = calls(DynamicFrame.drop_null_fields)
