"""ResolveChoice, class style."""

from typing import Any

from awsglue.transforms.transform import GlueTransform


class ResolveChoice(GlueTransform):
    """Resolve fields of several types.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-ResolveChoice.html
    """

    def __call__(self, frame: Any, specs: Any = None, choice: str = "", **kwargs: Any) -> Any:
        return frame.resolveChoice(specs, choice, **kwargs)
