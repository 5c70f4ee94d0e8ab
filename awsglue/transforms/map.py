"""Map, class style."""

from typing import Any

from awsglue.transforms.transform import GlueTransform


class Map(GlueTransform):
    """Apply a function to each record.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-Map.html
    """

    def __call__(self, frame: Any, f: Any, preservesPartitioning: bool = False, **tail: Any) -> Any:
        return frame.map(f, preservesPartitioning, **tail)
