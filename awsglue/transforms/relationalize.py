"""Relationalize, class style."""

from typing import Any

from ..utils import _global_args
from .transform import GlueTransform


class Relationalize(GlueTransform):
    """Split nested records into flat tables.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-Relationalize.html
    """

    returns = ("DynamicFrameCollection", "the frames")

    def __call__(
        self,
        frame: Any,
        staging_path: str | None = None,
        name: str = "roottable",
        options: Any = None,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Any:
        staging = staging_path or _global_args["TempDir"]
        if not staging:
            raise RuntimeError("No staging path specified, and the job has no TempDir: give staging_path or --TempDir")
        return frame.relationalize(
            name, staging, options or {}, transformation_ctx, info, stageThreshold, totalThreshold
        )
