"""Spigot, class style."""

from typing import Any

from .transform import GlueTransform


class Spigot(GlueTransform):
    """Write a sample of the records as JSON.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-spigot.html
    """

    returns = ("DynamicFrame", "the frame as it was")

    def __call__(self, frame: Any, path: str, options: Any, transformation_ctx: str = "") -> Any:
        return frame.spigot(path, options or {}, transformation_ctx)
