"""DataSource: a source that a script configures before it reads."""

from collections.abc import Mapping
from typing import Any

from pyspark.sql import DataFrame

from .frames.frame import DynamicFrame
from .glue_context.arguments import ignore_unknown
from .sources import dynamodb, jdbc, lakes, mongodb, s3, tables

_SPARK_FORMATS = ("parquet", "orc")
_CONNECTION_TYPES = (
    *("s3", "file"),
    *(*jdbc.CONNECTION_TYPES, *dynamodb.CONNECTION_TYPES, *mongodb.CONNECTION_TYPES),
)
# The number of partitions and how to sample: they limit the work, not the result.
_OPTIONS_OF_GET_FRAME = ("minPartitions", "targetPartitions", "maxSamplePartitions", "maxSampleFilesPerPartition")


class DataSource:
    """Reads files or a database table. See getSource in the documentation of GlueContext."""

    def __init__(
        self,
        glue_ctx: Any,
        connection_type: str,
        options: Mapping[str, Any],
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        name: str = "",
    ) -> None:
        self._ctx, self._type, self._options = glue_ctx, connection_type.lower(), dict(options)
        self._transformation_ctx, self._predicate, self.name = transformation_ctx, push_down_predicate, name
        self._format: str | None = self._type if self._type in _SPARK_FORMATS else None
        self._format_options: dict[str, Any] = {}
        if self._type not in (*_SPARK_FORMATS, *_CONNECTION_TYPES):
            raise NotImplementedError(
                f"the connection_type {connection_type!r} is not emulated yet as a source: use one of "
                f"{', '.join(_CONNECTION_TYPES)}, or kinesis with create_data_frame{self._instead()}"
            )

    def _instead(self) -> str:
        if self._type not in lakes.FORMATS:
            return ""
        return (
            f". With --datalake-formats {self._type}, read tables with from_catalog and paths with "
            f"spark.read.format({self._type!r})"
        )

    def setFormat(self, format: str | None, **options: Any) -> None:
        """Set the format of the files and its options."""
        self._format, self._format_options = format or self._format, options

    def getFrame(self, **options: Any) -> DynamicFrame:
        """Return the records as a DynamicFrame."""
        ignore_unknown(options, _OPTIONS_OF_GET_FRAME)
        return DynamicFrame(self._read(self._transformation_ctx), self._ctx, self.name)

    def getSampleFrame(self, num: int | None, **options: Any) -> list[Any]:
        """Return up to ``num`` records; bookmarks are not used."""
        ignore_unknown(options, _OPTIONS_OF_GET_FRAME)
        return tables.sample(self._read(""), num)

    def getDataFrame(self) -> DataFrame:
        """Return the records as a Spark DataFrame."""
        return self.getFrame().toDF()

    def _read(self, transformation_ctx: str) -> DataFrame:
        session, reading = self._ctx.spark_session, s3.BookmarkedRead(self._ctx.bookmarks, transformation_ctx)
        if self._type in jdbc.CONNECTION_TYPES:
            return jdbc.frame(session, self._type, self._options, reading)
        if self._type in dynamodb.CONNECTION_TYPES:
            return dynamodb.frame(session, self._options)
        if self._type in mongodb.CONNECTION_TYPES:
            return mongodb.frame(session, self._type, self._options)
        if self._predicate:
            raise NotImplementedError("push_down_predicate is supported for from_catalog only, not for from_options")
        if not self._format:
            raise ValueError(f"connection_type {self._type} needs a format")
        return s3.frame(session, self._format, self._options, self._format_options, reading)
