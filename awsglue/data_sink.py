"""DataSink: a target that a script configures step by step before it writes."""

from collections.abc import Mapping
from typing import Any

from pyspark.sql import DataFrame

from . import options as given
from .collection import DynamicFrameCollection
from .frame import DynamicFrame
from .sinks import jdbc, s3

_SPARK_FORMATS = ("parquet", "orc")
_FILES = ("s3", "file")


class DataSink:
    """A sink of files or of a database's table. See https://docs.aws.amazon.com/glue/latest/dg/update-from-job.html"""

    def __init__(self, glue_ctx: Any, connection_type: str, options: Mapping[str, Any]) -> None:
        self._ctx, self._type, self._options = glue_ctx, connection_type.lower(), dict(options)
        self._format: str | None = self._type if self._type in _SPARK_FORMATS else None
        self._format_options: dict[str, Any] = {}
        self._target: tuple[str, str, str] | None = None
        if self._type not in (*_SPARK_FORMATS, *_FILES, *jdbc.CONNECTION_TYPES):
            raise NotImplementedError(
                f"the connection_type {connection_type!r} is not emulated yet as a sink; "
                f"{', '.join((*_FILES, *jdbc.CONNECTION_TYPES))} are"
            )

    def setFormat(self, format: str | None, **options: Any) -> None:
        """Choose json, csv, parquet, glueparquet, orc or avro, with the format's options."""
        self._format, self._format_options = format or self._format, options

    def setCatalogInfo(self, catalogDatabase: str, catalogTableName: str, catalogId: str = "") -> None:
        """Name the table that describes what is written; it is made or updated with enableUpdateCatalog."""
        self._target = (catalogDatabase, catalogTableName, catalogId)

    def setAccumulableSize(self, size: int) -> None:
        """Accept how many error records the driver keeps; writing makes none."""

    def writeFrame(self, dynamic_frame: DynamicFrame, info: str = "") -> DynamicFrame:
        """Write; returns the frame ``<name>_errors``."""
        self._write(dynamic_frame.toDF(), self._options)
        return dynamic_frame.errors_frame()

    def writeDataFrame(self, data_frame: DataFrame, glue_context: Any, info: str = "") -> DynamicFrame:
        """Write a DataFrame; returns the frame of errors."""
        return self.writeFrame(DynamicFrame(data_frame, glue_context, ""), info)

    def write(self, dynamic_frame_or_dfc: Any, info: str = "") -> Any:
        """Write a frame, or each of a collection below its name; returns the frame, or collection, of errors."""
        if isinstance(dynamic_frame_or_dfc, DynamicFrame):
            return self.writeFrame(dynamic_frame_or_dfc, info)
        if not isinstance(dynamic_frame_or_dfc, DynamicFrameCollection):
            raise TypeError(f"expected a DynamicFrame or a DynamicFrameCollection, got {type(dynamic_frame_or_dfc)}")
        if self._target:
            raise NotImplementedError(
                "a DynamicFrameCollection into one catalog table is not emulated; write its frames"
            )
        for name, frame in dynamic_frame_or_dfc.items():
            self._write(frame.toDF(), self._below(name))
        errors = {name: frame.errors_frame() for name, frame in dynamic_frame_or_dfc.items()}
        return DynamicFrameCollection(errors, self._ctx)

    def _below(self, name: str) -> dict[str, Any]:
        if self._type in jdbc.CONNECTION_TYPES:
            return {**self._options, "dbtable": name}
        return {**self._options, "path": f"{str(self._options.get('path', '')).rstrip('/')}/{name}/"}

    def _write(self, frame: DataFrame, options: Mapping[str, Any]) -> None:
        if self._type in jdbc.CONNECTION_TYPES:
            jdbc.write(frame, self._type, options)
            return
        values = s3.write(frame, self._format, options, self._format_options)
        if given.true(options, "enableUpdateCatalog") and self._target:
            s3.update_catalog(frame, self._target, self._format, options, values)
