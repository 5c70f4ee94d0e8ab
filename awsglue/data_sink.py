"""DataSink: a target that a script configures before it writes."""

from collections.abc import Mapping
from typing import Any

from pyspark.sql import DataFrame

from . import options as given
from .collection import DynamicFrameCollection
from .frames.frame import DynamicFrame
from .sinks import dynamodb, jdbc, s3
from .sources import mongodb
from .sources.dynamodb import CONNECTION_TYPES as DYNAMODB
from .sources.listing import below

_SPARK_FORMATS = ("parquet", "orc")
_CONNECTION_TYPES = ("s3", "file", *jdbc.CONNECTION_TYPES, *DYNAMODB, *mongodb.CONNECTION_TYPES)


class DataSink:
    """Writes files or a database table. See https://docs.aws.amazon.com/glue/latest/dg/update-from-job.html"""

    def __init__(self, glue_ctx: Any, connection_type: str, options: Mapping[str, Any]) -> None:
        self._ctx, self._type, self._options = glue_ctx, connection_type.lower(), dict(options)
        self._format: str | None = self._type if self._type in _SPARK_FORMATS else None
        self._format_options: dict[str, Any] = {}
        self._target: tuple[str, str, str] | None = None
        if self._type not in (*_SPARK_FORMATS, *_CONNECTION_TYPES):
            raise NotImplementedError(
                f"the connection_type {connection_type!r} is not emulated yet as a sink: "
                f"use one of {', '.join(_CONNECTION_TYPES)}"
            )

    def setFormat(self, format: str | None, **options: Any) -> None:
        """Set the format (json, csv, parquet, glueparquet, orc or avro) and its options."""
        self._format, self._format_options = format or self._format, options

    def setCatalogInfo(self, catalogDatabase: str, catalogTableName: str, catalogId: str = "") -> None:
        """Set the catalog table to create or update with enableUpdateCatalog."""
        self._target = (catalogDatabase, catalogTableName, catalogId)

    def setAccumulableSize(self, size: int) -> None:
        """Ignored: how many error records the driver keeps. Writing creates none."""

    def writeFrame(self, dynamic_frame: DynamicFrame, info: str = "") -> DynamicFrame:
        """Write a frame; returns the frame ``<name>_errors``."""
        self._write(dynamic_frame.toDF(), self._options)
        return dynamic_frame.errors_frame()

    def writeDataFrame(self, data_frame: DataFrame, glue_context: Any, info: str = "") -> DynamicFrame:
        """Write a DataFrame; returns the error frame."""
        return self.writeFrame(DynamicFrame(data_frame, glue_context, ""), info)

    def write(self, dynamic_frame_or_dfc: Any, info: str = "") -> Any:
        """Write a frame, or each frame of a collection to a folder of its name; returns the errors likewise."""
        if isinstance(dynamic_frame_or_dfc, DynamicFrame):
            return self.writeFrame(dynamic_frame_or_dfc, info)
        if not isinstance(dynamic_frame_or_dfc, DynamicFrameCollection):
            raise TypeError(f"expected a DynamicFrame or a DynamicFrameCollection, got {type(dynamic_frame_or_dfc)}")
        if self._target:
            raise NotImplementedError(
                "writing a DynamicFrameCollection to one catalog table is not supported: write its frames one by one"
            )
        for name, frame in dynamic_frame_or_dfc.items():
            self._write(frame.toDF(), self._below(name))
        errors = {name: frame.errors_frame() for name, frame in dynamic_frame_or_dfc.items()}
        return DynamicFrameCollection(errors, self._ctx)

    def _below(self, name: str) -> dict[str, Any]:
        if self._type in jdbc.CONNECTION_TYPES:
            return {**self._options, "dbtable": name}
        if self._type in DYNAMODB:
            return {**self._options, "dynamodb.output.tableName": name}
        if self._type in mongodb.CONNECTION_TYPES:
            return {**self._options, "collection": name}
        return {**self._options, "path": below(str(self._options.get("path", "")), f"{name}/")}

    def _write(self, frame: DataFrame, options: Mapping[str, Any]) -> None:
        if self._type in jdbc.CONNECTION_TYPES:
            jdbc.write(frame, self._type, options)
            return
        if self._type in DYNAMODB:
            dynamodb.write(frame, options)
            return
        if self._type in mongodb.CONNECTION_TYPES:
            mongodb.write(frame, self._type, options)
            return
        values = s3.write(frame, self._format, options, self._format_options)
        if given.true(options, "enableUpdateCatalog") and self._target:
            s3.update_catalog(frame, self._target, self._format, options, values)
