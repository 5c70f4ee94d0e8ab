"""DataSource: a source that a script configures step by step before it reads."""

from collections.abc import Mapping
from typing import Any

from pyspark.sql import DataFrame

from .arguments import refuse_unknown
from .frame import DynamicFrame
from .sources import jdbc, lakes, s3, tables

_SPARK_FORMATS = ("parquet", "orc")
_FILES = ("s3", "file")
# How many partitions to aim at; how a sample is taken. They bound the work, not the result.
_OPTIONS_OF_GET_FRAME = ("minPartitions", "targetPartitions", "maxSamplePartitions", "maxSampleFilesPerPartition")


class DataSource:
    """A source of files or of a database's table. See getSource in the documentation of GlueContext."""

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
        if self._type not in (*_SPARK_FORMATS, *_FILES, *jdbc.CONNECTION_TYPES):
            raise NotImplementedError(
                f"the connection_type {connection_type!r} is not emulated yet as a source; "
                f"{', '.join((*_FILES, *jdbc.CONNECTION_TYPES))} are, and kinesis for create_data_frame{self._instead()}"
            )

    def _instead(self) -> str:
        if self._type not in lakes.FORMATS:
            return ""
        return f"; with --datalake-formats {self._type} its tables by from_catalog, its paths by spark.read.format"

    def setFormat(self, format: str | None, **options: Any) -> None:
        """Choose the format of the files, with its options."""
        self._format, self._format_options = format or self._format, options

    def getFrame(self, **options: Any) -> DynamicFrame:
        """Return the records as a DynamicFrame."""
        refuse_unknown(options, _OPTIONS_OF_GET_FRAME)
        return DynamicFrame(self._read(self._transformation_ctx), self._ctx, self.name)

    def getSampleFrame(self, num: int | None, **options: Any) -> list[Any]:
        """Return up to ``num`` records; a sample moves no bookmark."""
        refuse_unknown(options, _OPTIONS_OF_GET_FRAME)
        return tables.sample(self._read(""), num)

    def getDataFrame(self) -> DataFrame:
        """Return the records as a Spark DataFrame."""
        return self.getFrame().toDF()

    def _read(self, transformation_ctx: str) -> DataFrame:
        session, reading = self._ctx.spark_session, s3.Reading(self._ctx.bookmarks, transformation_ctx)
        if self._type in jdbc.CONNECTION_TYPES:
            return jdbc.frame(session, self._type, self._options, reading)
        if self._predicate:
            raise NotImplementedError("push_down_predicate is not emulated for from_options, it is for from_catalog")
        if not self._format:
            raise ValueError(f"connection_type {self._type} needs a format")
        return s3.frame(session, self._format, self._options, self._format_options, reading)
