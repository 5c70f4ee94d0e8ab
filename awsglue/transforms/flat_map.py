"""FlatMap, class style."""

from typing import Any

from .transform import GlueTransform


class FlatMap(GlueTransform):
    """Apply a transform to each frame of a collection and collect the results.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-flat-map.html
    """

    returns = ("DynamicFrameCollection", "the frames")

    def __call__(
        self, dfc: Any, BaseTransform: Any, frame_name: str, transformation_ctx: str = "", **base_kwargs: Any
    ) -> Any:
        def applied(frame: Any, ctx: str) -> Any:
            return BaseTransform.apply(**{frame_name: frame, "transformation_ctx": ctx, **base_kwargs})

        return dfc.flatmap(applied, transformation_ctx)
