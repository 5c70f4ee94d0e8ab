"""DataSource: a connection, its options and its format, until a frame is asked for.

Page: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-glue-context.html
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pyspark.sql import DataFrame

from awsglue.dynamicframe import DynamicFrame
from awsglue.naming import frame_name
from awsglue.sources.s3 import read_paths

if TYPE_CHECKING:
    from awsglue.context import GlueContext

_FILES = ("s3", "file")


class DataSource:
    """Reads frames from one connection."""

    def __init__(
        self,
        glue_context: "GlueContext",
        connection_type: str,
        format: str | None,
        transformation_ctx: str,
        options: Mapping[str, Any],
    ) -> None:
        # AWS takes a Spark format in the connection type's place.
        if connection_type.lower() in ("parquet", "orc", "json", "csv"):
            connection_type, format = "s3", connection_type
        if connection_type.lower() not in _FILES:
            raise NotImplementedError(f"awsglue: the connection type {connection_type!r} is not emulated yet")
        self._context, self._format, self._transformation_ctx = glue_context, format, transformation_ctx
        self._options, self._format_options = dict(options), dict[str, Any]()

    def setFormat(self, format: str, **options: Any) -> None:
        """Say what the files are."""
        self._format, self._format_options = format, options

    def getFrame(self, **options: Any) -> DynamicFrame:
        """Return the frame; ValueError without a format."""
        if not self._format:
            raise ValueError("the format of the source is missing: json, csv or parquet")
        frame = read_paths(
            self._context.spark_session,
            self._context.bookmarks,
            self._transformation_ctx,
            self._options,
            self._format,
            self._format_options,
        )
        return DynamicFrame(frame, self._context, frame_name(self._options))

    def getDataFrame(self) -> DataFrame:
        """Return the frame as a DataFrame."""
        return self.getFrame().toDF()
