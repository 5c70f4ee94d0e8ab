"""Options of connections and formats: supported ones, ones without an effect, and ignored ones."""

import logging
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

Options = Mapping[str, Any] | None
_LOG = logging.getLogger("awsglue")
NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})
"""AWS documents the default {}; this one is immutable."""

# They affect only speed or service limits, never the result.
IMMATERIAL = {
    "groupFiles": "number of files per task",
    "groupSize": "number of files per task",
    "useS3ListImplementation": "memory use of listing",
    "optimizePerformance": "a faster reader for the same files",
    "strictCheckForQuoting": "a check of the faster reader",
    "useGlueParquetWriter": "a faster writer for the same files",
    "useSparkDataSource": "one of two readers for the same files",
    "useCatalogSchema": "always on here",
    "blockSize": "layout of Parquet files",
    "pageSize": "layout of Parquet files",
    "catalogId": "an account has one catalog",
    "version": "Avro's logical types are always those of 1.8",
    "isFailFast": "an unreadable file always fails the run here",
    "mergeSchema": "the schemas of all files are always merged",
}

# Options of AWS Glue that would change the result and are not implemented here.
_NOT_EMULATED = ("attachTimestamp", "dataTypeMapping", "LineCount")

# AWS's pages and the scripts that Glue Studio generates use both spellings.
_SPELLINGS = {"multiline": "multiLine", "jobBookmarksKeysSortOrder": "jobBookmarkKeysSortOrder"}


def spelled(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options with normalized names."""
    return {_SPELLINGS.get(name, name): value for name, value in options.items()}


def check(where: str, options: Mapping[str, Any], honoured: Iterable[str]) -> None:
    """Raise NotImplementedError if an option would change the result and is not implemented; log unknown ones.

    AWS Glue ignores unknown options.
    """
    for name in options:
        if name in honoured or name in IMMATERIAL:
            continue
        if name in _NOT_EMULATED:
            raise NotImplementedError(f"{where}: the option {name!r} is not emulated yet")
        log_ignored(where, name)


@cache
def log_ignored(where: str, name: str) -> None:
    """Log, once per process, that an unknown option or argument is ignored."""
    _LOG.warning("%s: ignoring the unknown option %r, as AWS Glue does", where, name)


def true(options: Mapping[str, Any], name: str, default: bool = False) -> bool:
    """Return a boolean option; scripts pass a bool or a string."""
    return str(options.get(name, default)).lower() == "true"


def number(options: Mapping[str, Any], name: str, default: int | None = None) -> int | None:
    """Return an integer option; scripts pass an int or a string. ``default`` if it is missing or empty.

    Raises ValueError with the option's name.
    """
    value = options.get(name)
    if value in (None, ""):
        return default
    try:
        return int(str(value))
    except ValueError:
        raise ValueError(f"{name}: {value!r} is not a whole number") from None


def strings(value: Any) -> list[str]:
    """Return a list option; scripts may pass a string for one element, and None or "" for an empty list."""
    if value in (None, ""):
        return []
    return [value] if isinstance(value, str) else [str(one) for one in value]
