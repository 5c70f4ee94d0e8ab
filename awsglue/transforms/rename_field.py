"""RenameField, class style."""

from typing import Any

from awsglue.transforms.transform import GlueTransform


class RenameField(GlueTransform):
    """Rename a field.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-RenameField.html
    """

    def __call__(self, frame: Any, old_name: str, new_name: str, **tail: Any) -> Any:
        return frame.rename_field(old_name, new_name, **tail)
