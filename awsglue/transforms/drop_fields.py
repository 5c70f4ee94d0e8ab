"""DropFields, class style."""

from typing import Any

from awsglue.transforms.transform import GlueTransform


class DropFields(GlueTransform):
    """Drop some fields.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-DropFields.html
    """

    def __call__(self, frame: Any, paths: Any, **tail: Any) -> Any:
        return frame.drop_fields(paths, **tail)
