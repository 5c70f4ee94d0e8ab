"""DataSink: a connection, its options and its format, until a frame is written.

Page: https://docs.aws.amazon.com/glue/latest/dg/update-from-job.html
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pyspark.sql import DataFrame

from awsglue.dynamicframe import DynamicFrame
from awsglue.options import is_true
from awsglue.sinks.catalog import update_catalog
from awsglue.sinks.s3 import write_files

if TYPE_CHECKING:
    from awsglue.context import GlueContext

_FILES = ("s3", "file")


class DataSink:
    """Writes frames to one connection, and tells the catalog where ``enableUpdateCatalog`` says so."""

    def __init__(
        self, glue_context: "GlueContext", connection_type: str, format: str | None, options: Mapping[str, Any]
    ) -> None:
        if connection_type.lower() in ("parquet", "orc", "json", "csv"):
            connection_type, format = "s3", connection_type
        if connection_type.lower() not in _FILES:
            raise NotImplementedError(f"awsglue: the connection type {connection_type!r} is not emulated yet")
        self._context, self._format = glue_context, format
        self._options, self._format_options = dict(options), dict[str, Any]()
        self._catalog: tuple[str, str] | None = None

    def setFormat(self, format: str, **options: Any) -> None:
        """Say what the files are to be."""
        self._format, self._format_options = format, options

    def setAccumulableSize(self, size: int) -> None:
        """Bound the number of error records that are kept; this breadth writes none."""

    def setCatalogInfo(self, catalogDatabase: str, catalogTableName: str, catalogId: str = "") -> None:
        """Name the table to update."""
        self._catalog = (catalogDatabase, catalogTableName)

    def writeFrame(self, dynamic_frame: DynamicFrame, info: str = "") -> DynamicFrame:
        """Write a frame; returns it."""
        self.writeDataFrame(dynamic_frame.toDF(), self._context, info)
        return dynamic_frame

    def writeDataFrame(self, data_frame: DataFrame, glue_context: "GlueContext", info: str = "") -> None:
        """Write a DataFrame, then update the catalog. ValueError without a format."""
        if not self._format:
            raise ValueError("the format of the sink is missing: json, csv or parquet")
        write_files(data_frame, self._options, self._format, self._format_options)
        if is_true(self._options.get("enableUpdateCatalog", False)):
            self._update_catalog(data_frame, self._format)

    def write(self, dynamic_frame_or_dfc: Any, info: str = "") -> DynamicFrame:
        """Write a DynamicFrame; TypeError for anything else. Collections are not emulated yet."""
        if not isinstance(dynamic_frame_or_dfc, DynamicFrame):
            raise TypeError(f"a DynamicFrame is needed, not {type(dynamic_frame_or_dfc).__name__}")
        return self.writeFrame(dynamic_frame_or_dfc, info)

    def _update_catalog(self, frame: DataFrame, format: str) -> None:
        if self._catalog is None:
            raise ValueError("enableUpdateCatalog needs setCatalogInfo(catalogDatabase=…, catalogTableName=…)")
        keys = list(self._options.get("partitionKeys") or [])
        behaviour = str(self._options.get("updateBehavior", "UPDATE_IN_DATABASE"))
        update_catalog(frame, *self._catalog, self._options["path"], keys, format, behaviour=behaviour)
