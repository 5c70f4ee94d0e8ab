"""Options of connections and formats: which are honoured, and which cannot matter on one machine."""

from collections.abc import Iterable, Mapping
from typing import Any

# Speed and service limits only: they cannot change a result here.
IMMATERIAL = {
    "groupFiles": "how many files one task reads",
    "groupSize": "how many files one task reads",
    "useS3ListImplementation": "how listing saves memory",
    "optimizePerformance": "a faster reader of the same files",
    "useGlueParquetWriter": "a faster writer of the same files",
    "useCatalogSchema": "what is read here anyway",
    "blockSize": "the layout of Parquet files",
    "pageSize": "the layout of Parquet files",
    "catalogId": "one account has one catalog",
}


def check(where: str, options: Mapping[str, Any], honoured: Iterable[str]) -> None:
    """Raise NotImplementedError for the first option that would change the result and is not honoured."""
    for name in options:
        if name not in honoured and name not in IMMATERIAL:
            raise NotImplementedError(f"{where}: the option {name!r} is not emulated yet")
