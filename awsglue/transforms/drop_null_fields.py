"""DropNullFields, class style."""

from typing import Any

from awsglue.transforms.transform import GlueTransform


class DropNullFields(GlueTransform):
    """Drop fields of the null type.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-DropNullFields.html
    """

    def __call__(self, frame: Any, **tail: Any) -> Any:
        return frame.drop_null_fields(**tail)
