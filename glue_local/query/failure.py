"""Query failures with Athena's messages and categories: https://docs.aws.amazon.com/athena/latest/ug/error-reference.html"""

import re
from typing import Any

from glue_local.query.session import CATALOG

SYSTEM, USER, OTHER = 1, 2, 3
"""AthenaError.ErrorCategory."""

SCANNED_TOO_MUCH = "Bytes scanned limit was exceeded"
"""https://docs.aws.amazon.com/athena/latest/ug/workgroups-setting-control-limits-cloudwatch.html"""

_EXHAUSTED = "Query exhausted resources at this scale factor"

# AthenaError.ErrorType by the engine's error name; other names get their category's type.
_TYPES = {
    "SYNTAX_ERROR": 1006,
    "COLUMN_NOT_FOUND": 1006,
    "TYPE_MISMATCH": 1006,
    "TABLE_NOT_FOUND": 1110,
    "TABLE_HAS_NO_COLUMNS": 1004,
    "SCHEMA_NOT_FOUND": 1301,
    "CATALOG_NOT_FOUND": 1301,
    "NOT_FOUND": 1301,
    "FUNCTION_NOT_FOUND": 1303,
    "NOT_SUPPORTED": 1200,
    "INVALID_ARGUMENTS": 1100,
    "INVALID_PARAMETER_USAGE": 1100,
    "INVALID_FUNCTION_ARGUMENT": 1106,
    "INVALID_SESSION_PROPERTY": 1101,
    "INVALID_TABLE_PROPERTY": 1103,
    "INVALID_SCHEMA_PROPERTY": 1103,
    "INVALID_VIEW": 1107,
    "VIEW_IS_STALE": 1107,
    "DIVISION_BY_ZERO": 1001,
    "INVALID_CAST_ARGUMENT": 1001,
    "NUMERIC_VALUE_OUT_OF_RANGE": 1001,
    "HIVE_BAD_DATA": 1001,
    "HIVE_CURSOR_ERROR": 1001,
    "HIVE_PARTITION_SCHEMA_MISMATCH": 1004,
    "HIVE_INVALID_METADATA": 1004,
    "HIVE_FILE_NOT_FOUND": 1302,
    "HIVE_METASTORE_ERROR": 204,
    "USER_CANCELED": 1011,
    "EXCEEDED_TIME_LIMIT": 206,
}
_OF_CATEGORY = {SYSTEM: 200, USER: 1000, OTHER: 1009}


class QueryFailed(Exception):
    """A query ends FAILED with this message.

    ``message`` is Status.StateChangeReason; ``category`` and ``error_type`` are AthenaError's ErrorCategory and ErrorType.
    """

    def __init__(self, message: str, *, category: int = USER, error_type: int = 1006, retryable: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.category = category
        self.error_type = error_type
        self.retryable = retryable


class Cancelled(QueryFailed):
    """A query ends CANCELLED with this message."""


def of_engine(error: dict[str, Any]) -> QueryFailed:
    """Return an engine error in Athena's format: its name, then its message with line and column."""
    name, kind = str(error.get("errorName")), str(error.get("errorType"))
    message = _own_catalog(str(error.get("message")))
    if kind == "INSUFFICIENT_RESOURCES":
        return _exhausted(name, message)
    if name == "COLUMN_NOT_FOUND":
        message += " or requester is not authorized to access requested resources"
    category = {"USER_ERROR": USER, "EXTERNAL": OTHER}.get(kind, SYSTEM)
    error_type = 233 if name.startswith("ICEBERG_") else _TYPES.get(name, _OF_CATEGORY[category])
    if name == "EXCEEDED_TIME_LIMIT":
        return QueryFailed("Query timeout", category=category, error_type=error_type)
    return QueryFailed(f"{name}: {message}", category=category, error_type=error_type)


def _exhausted(name: str, message: str) -> QueryFailed:
    if name == "EXCEEDED_SCAN_LIMIT":
        return Cancelled(SCANNED_TOO_MUCH)
    if name == "EXCEEDED_TIME_LIMIT":
        return QueryFailed("Query timeout", category=USER, error_type=206)
    return QueryFailed(f"{_EXHAUSTED}: {name}: {message}", category=USER, error_type=0, retryable=True)


def _own_catalog(message: str) -> str:
    """Replace the engine's internal catalog names with Athena's."""
    return re.sub(rf"\b{CATALOG}(?:_\d{{12}}_[a-z0-9_]+?)?(?:_iceberg)?\b", CATALOG, message)
