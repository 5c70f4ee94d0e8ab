"""Changes of Spark's own readers and writers during runs: a bucket is a valid path, and Hudi tables sync to the catalog."""

import functools
import re
from typing import Any

from pyspark.sql import DataFrameReader, DataFrameWriter

from .data_catalog import hudi_sync

_READS = ("load", "json", "csv", "parquet", "orc", "text")
_WRITES = ("save", "json", "csv", "parquet", "orc", "text")
_BUCKET = re.compile(r"s3[an]?://[^/]+/?")


def attach() -> None:
    """Change the readers and writers of this process."""
    hudi_sync.attach_to_writers()
    for name in _READS:
        setattr(DataFrameReader, name, _accepting_buckets(getattr(DataFrameReader, name)))
    for name in _WRITES:
        setattr(DataFrameWriter, name, _accepting_buckets(getattr(DataFrameWriter, name), WHOLE_BUCKET))


# Hadoop's other committers would write keys that begin with a slash.
WHOLE_BUCKET = {"fs.s3a.committer.name": "magic"}


def _accepting_buckets(method: Any, options: dict[str, str] | None = None) -> Any:
    """Return the method with ``s3://bucket`` as ``s3://bucket/``, which Hadoop needs and Glue's file system does not."""

    @functools.wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        if options and any(_is_bucket(value) for value in (*args, *kwargs.values())):
            self.options(**options)
        return method(self, *map(_path, args), **{name: _path(value) for name, value in kwargs.items()})

    return call


def _path(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(map(_path, value))
    return f"{value.rstrip('/')}/" if _is_bucket(value) else value


def _is_bucket(value: Any) -> bool:
    return isinstance(value, str) and _BUCKET.fullmatch(value) is not None
