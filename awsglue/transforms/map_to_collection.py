"""MapToCollection, class style."""

from typing import Any

from .transform import GlueTransform


class MapToCollection(GlueTransform):
    """Apply a function to each frame of a collection.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-MapToCollection.html
    """

    returns = ("DynamicFrameCollection", "the frames")

    def __call__(self, dfc: Any, callable: Any, transformation_ctx: str = "") -> Any:
        return dfc.map(callable, transformation_ctx)
