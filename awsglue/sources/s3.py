"""Files as a source: listed once, only the new ones with a bookmark, read in one Spark read."""

from collections.abc import Callable, Mapping
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructType

from ..bookmarks import Bookmarks, bounds
from ..options import check, strings
from . import formats
from .listing import File, files_of

HONOURED = (
    *("paths", "path", "recurse", "exclusions", "compressionType", "excludeStorageClasses"),
    *("maxBand", "maxFilesInBand", "boundedFiles", "boundedSize"),
)
_ENDINGS = {"gzip": ".gz", "bzip2": ".bz2", "none": ""}


def frame(
    spark: SparkSession, format: str, options: Mapping[str, Any], format_options: Mapping[str, Any], read: "Reading"
) -> DataFrame:
    """Return the records of the files at ``paths``; an empty frame without columns when there are none."""
    formats.known(format)
    check("connection_options for s3", options, HONOURED)
    files = read.new(lambda: readable(files_of(options, format), options), options)
    if not files:
        return empty(spark)
    return formats.read(spark, format, [file.path for file in files], format_options, StructType())


def readable(files: list[File], options: Mapping[str, Any]) -> list[File]:
    """Return the files that the options do not leave out. Raises for a compression nobody could see."""
    excluded = strings(options.get("excludeStorageClasses"))
    files = [file for file in files if file.storage_class not in excluded]
    compression = str(options.get("compressionType") or "none")
    if compression not in _ENDINGS:
        raise NotImplementedError(f"compressionType {compression!r} is not emulated; gzip and bzip2 are")
    unmarked = [file.path for file in files if not file.path.endswith(_ENDINGS[compression])]
    if unmarked:
        ending = _ENDINGS[compression]
        raise NotImplementedError(f"compressionType {compression}: {unmarked[0]} does not end in {ending}")
    return files


def empty(spark: SparkSession) -> DataFrame:
    """Return a frame without columns and records, as Glue does for nothing new."""
    return spark.createDataFrame([], StructType([]))


class Reading:
    """What a read may skip: the bookmark of one transformation_ctx, if it has one."""

    def __init__(self, bookmarks: Bookmarks | None, context: str) -> None:
        self.bookmarks = bookmarks if context else None
        self.context = context

    def new(self, listing: Callable[[], list[File]], options: Mapping[str, Any]) -> list[File]:
        """Return the files that ``listing`` finds and no committed run has processed."""
        if self.bookmarks is None:
            return list(listing())
        return self.bookmarks.select(self.context, listing, bounds(options))
