"""StreamingDataSource: a stream that a script configures before it reads."""

from collections.abc import Mapping
from typing import Any

from pyspark.sql import DataFrame

from .streaming import kinesis


class StreamingDataSource:
    """Reads a Kinesis stream. See getStreamingSource in the documentation of GlueContext."""

    def __init__(self, glue_ctx: Any, connection_type: str, options: Mapping[str, Any]) -> None:
        if connection_type.lower() not in kinesis.CONNECTION_TYPES:
            raise NotImplementedError(
                f"the connection_type {connection_type!r} is not emulated yet as a streaming source, use kinesis"
            )
        self._ctx, self._options = glue_ctx, dict(options)

    def setFormat(self, format: str | None, **options: Any) -> None:
        """Set the format of the records, unless the options have ``classification``."""
        if format:
            self._options = {"classification": format, **self._options, **options}

    def getFrame(self) -> DataFrame:
        """Return the stream as a streaming DataFrame."""
        return kinesis.frame(self._ctx.spark_session, self._options)
