"""DataSink: a target that a script configures step by step before it writes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pyspark.sql import DataFrame

from awsglue.frame import DynamicFrame
from awsglue.sinks import s3

if TYPE_CHECKING:
    from awsglue.context import GlueContext


class DataSink:
    """A sink for files. See https://docs.aws.amazon.com/glue/latest/dg/update-from-job.html"""

    def __init__(self, glue_ctx: "GlueContext", options: Mapping[str, Any]) -> None:
        self._ctx, self._options = glue_ctx, dict(options)
        self._format: str | None = None
        self._format_options: dict[str, Any] = {}
        self._target: tuple[str, str, str] | None = None

    def setFormat(self, format: str | None, **options: Any) -> None:
        """Choose json, csv, parquet or glueparquet, with the format's options."""
        self._format, self._format_options = format, options

    def setCatalogInfo(self, catalogDatabase: str, catalogTableName: str, catalogId: str = "") -> None:
        """Name the table that describes what is written; it is made or updated with enableUpdateCatalog."""
        self._target = (catalogDatabase, catalogTableName, catalogId)

    def setAccumulableSize(self, size: int) -> None:
        """Accept how many error records the driver keeps; writing files makes none."""

    def writeFrame(self, dynamic_frame: DynamicFrame, info: str = "") -> DynamicFrame:
        """Write; returns the frame ``<name>_errors``."""
        self._write(dynamic_frame.toDF())
        return dynamic_frame.errors_frame()

    def writeDataFrame(self, data_frame: DataFrame, glue_context: "GlueContext", info: str = "") -> DynamicFrame:
        """Write a DataFrame; returns the frame of errors."""
        return self.writeFrame(DynamicFrame(data_frame, glue_context, ""), info)

    def write(self, dynamic_frame_or_dfc: Any, info: str = "") -> DynamicFrame:
        """Write a frame; collections are not emulated yet."""
        if not isinstance(dynamic_frame_or_dfc, DynamicFrame):
            raise NotImplementedError("DataSink.write of anything but a DynamicFrame is not emulated yet")
        return self.writeFrame(dynamic_frame_or_dfc, info)

    def _write(self, frame: DataFrame) -> None:
        values = s3.write(frame, self._format, self._options, self._format_options)
        updates = str(self._options.get("enableUpdateCatalog", False)).lower() == "true"
        if updates and self._target:
            s3.update_catalog(frame, self._target, self._format, self._options, values)
