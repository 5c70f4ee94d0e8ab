"""Options of connections and formats: which are honoured, and which cannot matter on one machine."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

Options = Mapping[str, Any] | None
NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})
"""The default that AWS documents as {}; this one nobody can change."""

# Speed and service limits only: they cannot change a result here.
IMMATERIAL = {
    "groupFiles": "how many files one task reads",
    "groupSize": "how many files one task reads",
    "useS3ListImplementation": "how listing saves memory",
    "optimizePerformance": "a faster reader of the same files",
    "strictCheckForQuoting": "a check of the faster reader",
    "useGlueParquetWriter": "a faster writer of the same files",
    "useSparkDataSource": "which of two readers of the same files",
    "useCatalogSchema": "what is read here anyway",
    "blockSize": "the layout of Parquet files",
    "pageSize": "the layout of Parquet files",
    "catalogId": "one account has one catalog",
    "version": "Avro's logical types are read and written as of 1.8",
    "isFailFast": "a file that cannot be read fails the run here anyway",
    "mergeSchema": "the schemas of all files are merged here anyway",
}

# AWS's pages and the scripts that Glue Studio generates write these names both ways.
_SPELLINGS = {"multiline": "multiLine", "jobBookmarksKeysSortOrder": "jobBookmarkKeysSortOrder"}


def spelled(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options under the names that are looked up here."""
    return {_SPELLINGS.get(name, name): value for name, value in options.items()}


def check(where: str, options: Mapping[str, Any], honoured: Iterable[str]) -> None:
    """Raise NotImplementedError for the first option that would change the result and is not honoured."""
    for name in options:
        if name not in honoured and name not in IMMATERIAL:
            raise NotImplementedError(f"{where}: the option {name!r} is not emulated yet")


def true(options: Mapping[str, Any], name: str, default: bool = False) -> bool:
    """Return an option that scripts give as a bool or as a text."""
    return str(options.get(name, default)).lower() == "true"


def number(options: Mapping[str, Any], name: str, default: int | None = None) -> int | None:
    """Return a whole number that scripts give as such or as a text; ``default`` where it is absent or empty.

    Raises ValueError naming the option.
    """
    value = options.get(name)
    if value in (None, ""):
        return default
    try:
        return int(str(value))
    except ValueError:
        raise ValueError(f"{name} takes a whole number, not {value!r}") from None


def strings(value: Any) -> list[str]:
    """Return a list that scripts give as one, or as a text when it has one element; None is the empty list."""
    if value in (None, ""):
        return []
    return [value] if isinstance(value, str) else [str(one) for one in value]
