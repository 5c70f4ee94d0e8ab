"""``glueContext.write_dynamic_frame``."""

from typing import TYPE_CHECKING, Any

from awsglue.dynamicframe import DynamicFrame

if TYPE_CHECKING:
    from awsglue.context import GlueContext


class DynamicFrameWriter:
    """Writes DynamicFrames; the parameters are those of GlueContext's methods."""

    def __init__(self, glue_context: "GlueContext") -> None:
        self._glue_context = glue_context

    def from_options(self, *args: Any, **kwargs: Any) -> DynamicFrame:
        """See GlueContext.write_dynamic_frame_from_options."""
        return self._glue_context.write_dynamic_frame_from_options(*args, **kwargs)

    def from_catalog(self, *args: Any, **kwargs: Any) -> DynamicFrame:
        """See GlueContext.write_dynamic_frame_from_catalog."""
        return self._glue_context.write_dynamic_frame_from_catalog(*args, **kwargs)

    def from_jdbc_conf(self, *args: Any, **kwargs: Any) -> DynamicFrame:
        """Not emulated yet."""
        raise NotImplementedError("awsglue: write_dynamic_frame.from_jdbc_conf is not emulated yet")
