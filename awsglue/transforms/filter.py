"""Filter, class style."""

from typing import Any

from awsglue.transforms.transform import GlueTransform


class Filter(GlueTransform):
    """Keep the records for which a function is true.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-Filter.html
    """

    def __call__(self, frame: Any, f: Any, **tail: Any) -> Any:
        return frame.filter(f, **tail)
