"""Read files: list them once, with a bookmark only the new ones, and read them with Spark."""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructType

from ..bookmarks import Bookmarks, bounds
from ..columns import choice
from ..options import check, strings
from . import formats
from .listing import File, below, files_of, paths_of, without_slash

HONOURED = (
    *("paths", "path", "recurse", "exclusions", "compressionType", "excludeStorageClasses"),
    *("maxBand", "maxFilesInBand", "boundedFiles", "boundedSize"),
)
_ENDINGS = {"gzip": ".gz", "bzip2": ".bz2", "none": ""}


def frame(
    spark: SparkSession,
    format: str,
    options: Mapping[str, Any],
    format_options: Mapping[str, Any],
    read: "BookmarkedRead",
) -> DataFrame:
    """Return the records of the files at ``paths``; an empty frame without columns if there are none."""
    formats.known(format)
    check("connection_options for s3", options, HONOURED)
    files = read.new(lambda: readable(files_of(options, format), options), options)
    if not files:
        return empty(spark)
    bases = partitioned_bases(options, files) if format.lower() in ("parquet", "orc") else {}
    if not bases:
        return formats.read(spark, format, [file.path for file in files], format_options, StructType())
    frames = [formats.read(spark, format, some, format_options, StructType(), base) for base, some in bases.items()]
    return reduce(choice.union, frames)


def partitioned_bases(options: Mapping[str, Any], files: list[File]) -> dict[str, list[str]]:
    """Return the files by the path of the options that they are under, if a folder in between is named ``key=value``."""
    roots = [without_slash(root) for root in paths_of(options)]
    by_root: dict[str, list[str]] = {}
    for file in files:
        root = next(root for root in roots if file.path == root or file.path.startswith(below(root, "")))
        # The path may be a file, but the base must be a folder.
        base = root.rpartition("/")[0] if file.path == root else root
        by_root.setdefault(base, []).append(file.path)
    folders = (path[len(base) :].rpartition("/")[0] for base, some in by_root.items() for path in some)
    return by_root if any("=" in folder for folder in folders) else {}


def readable(files: list[File], options: Mapping[str, Any]) -> list[File]:
    """Return the files that the options do not exclude; raises if a file's ending contradicts compressionType."""
    excluded = strings(options.get("excludeStorageClasses"))
    files = [file for file in files if file.storage_class not in excluded]
    compression = str(options.get("compressionType") or "none")
    if compression not in _ENDINGS:
        raise NotImplementedError(f"compressionType {compression!r} is not emulated, use gzip or bzip2")
    unmarked = [file.path for file in files if not file.path.endswith(_ENDINGS[compression])]
    if unmarked:
        ending = _ENDINGS[compression]
        raise NotImplementedError(f"compressionType {compression}: {unmarked[0]} does not end in {ending}")
    return files


def empty(spark: SparkSession) -> DataFrame:
    """Return a frame without columns and records, as Glue does if there is nothing new."""
    return spark.createDataFrame([], StructType([]))


class BookmarkedRead:
    """One read of a source, with the bookmark of its transformation_ctx if it has one."""

    def __init__(self, bookmarks: Bookmarks | None, context: str) -> None:
        self.bookmarks = bookmarks if context else None
        self.context = context

    def new(self, listing: Callable[[], list[File]], options: Mapping[str, Any]) -> list[File]:
        """Return the files from ``listing`` that no committed run has processed."""
        if self.bookmarks is None:
            return list(listing())
        return self.bookmarks.select(self.context, listing, bounds(options))
