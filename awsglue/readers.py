"""The objects behind ``create_dynamic_frame``, ``create_data_frame`` and their writing twins."""

from typing import Any


class _OfContext:
    def __init__(self, glue_context: Any) -> None:
        self._glue_context = glue_context


class DynamicFrameReader(_OfContext):
    """Reads DynamicFrames; arguments are those of the context's methods."""

    def from_rdd(self, data: Any, name: str, schema: Any = None, sampleRatio: float | None = None) -> Any:
        """Return a frame of an RDD."""
        return self._glue_context.create_dynamic_frame_from_rdd(data, name, schema, sampleRatio)

    def from_options(self, *args: Any, **kwargs: Any) -> Any:
        """Return a frame of files."""
        return self._glue_context.create_dynamic_frame_from_options(*args, **kwargs)

    def from_catalog(self, *args: Any, **kwargs: Any) -> Any:
        """Return a frame of a catalog table."""
        return self._glue_context.create_dynamic_frame_from_catalog(*args, **kwargs)


class DataFrameReader(_OfContext):
    """Reads Spark DataFrames; arguments are those of the context's methods."""

    def from_options(self, *args: Any, **kwargs: Any) -> Any:
        """Return a DataFrame of files."""
        return self._glue_context.create_data_frame_from_options(*args, **kwargs)

    def from_catalog(self, *args: Any, **kwargs: Any) -> Any:
        """Return a DataFrame of a catalog table."""
        return self._glue_context.create_data_frame_from_catalog(*args, **kwargs)


class DynamicFrameWriter(_OfContext):
    """Writes DynamicFrames; arguments are those of the context's methods."""

    def from_options(self, frame: Any, *args: Any, **kwargs: Any) -> Any:
        """Write as files."""
        return self._glue_context.write_dynamic_frame_from_options(frame, *args, **kwargs)

    def from_catalog(self, frame: Any, *args: Any, **kwargs: Any) -> Any:
        """Write into a catalog table."""
        return self._glue_context.write_dynamic_frame_from_catalog(frame, *args, **kwargs)

    def from_jdbc_conf(self, frame: Any, *args: Any, **kwargs: Any) -> Any:
        """Not emulated yet; the context's method says so."""
        return self._glue_context.write_dynamic_frame_from_jdbc_conf(frame, *args, **kwargs)


class DataFrameWriter(_OfContext):
    """Writes Spark DataFrames; arguments are those of the context's methods."""

    def from_catalog(self, frame: Any, *args: Any, **kwargs: Any) -> Any:
        """Write into a catalog table."""
        return self._glue_context.write_data_frame_from_catalog(frame, *args, **kwargs)
