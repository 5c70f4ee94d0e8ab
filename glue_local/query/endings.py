"""The final state of a query, in the format of the private API."""

from typing import Any

from botocore.exceptions import ClientError

from glue_local.query.failure import SYSTEM, Cancelled, QueryFailed

CANCELLED = "Query cancelled"
_DDL_FAILED = 1003


def ending(problem: Exception, stopping: bool) -> dict[str, Any]:
    """Return the final state of a query that failed with ``problem``, or was stopped before."""
    if isinstance(problem, Cancelled):
        return {"state": "CANCELLED", "reason": problem.message}
    if stopping:
        return {"state": "CANCELLED", "reason": CANCELLED}
    if isinstance(problem, ClientError):
        return _failed(QueryFailed(problem.response["Error"]["Message"], error_type=_DDL_FAILED))
    if isinstance(problem, QueryFailed):
        return _failed(problem)
    message = f"GENERIC_INTERNAL_ERROR: glue-local could not run the query: {type(problem).__name__}: {problem}"
    return _failed(QueryFailed(message, category=SYSTEM, error_type=200))


def _failed(failure: QueryFailed) -> dict[str, Any]:
    error = {
        "ErrorCategory": failure.category,
        "ErrorType": failure.error_type,
        "Retryable": failure.retryable,
        "ErrorMessage": failure.message,
    }
    return {"state": "FAILED", "reason": failure.message, "error": error}
