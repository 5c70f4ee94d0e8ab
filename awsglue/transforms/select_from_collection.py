"""SelectFromCollection, class style."""

from typing import Any

from .transform import GlueTransform


class SelectFromCollection(GlueTransform):
    """Return one frame of a collection.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-SelectFromCollection.html
    """

    returns = ("DynamicFrame", "the frame of that name")

    def __call__(self, dfc: Any, key: str, transformation_ctx: str = "") -> Any:
        return dfc.select(key, transformation_ctx)
