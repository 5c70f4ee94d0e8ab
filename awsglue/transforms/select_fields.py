"""SelectFields, class style."""

from typing import Any

from awsglue.transforms.transform import GlueTransform


class SelectFields(GlueTransform):
    """Keep some fields.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-SelectFields.html
    """

    def __call__(self, frame: Any, paths: Any, **tail: Any) -> Any:
        return frame.select_fields(paths, **tail)
