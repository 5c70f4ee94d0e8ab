"""ApplyMapping, class style."""

from ..frames.frame import DynamicFrame
from .transform import GlueTransform, calls


class ApplyMapping(GlueTransform):
    """Rename, cast, nest and unnest fields.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-ApplyMapping.html
    """

    returns = ("DynamicFrame", "the records transformed")

    __call__ = calls(DynamicFrame.apply_mapping)
