"""Glue's error code of each kind of fault, for a response and for one entry of a batch."""

from typing import Any

from glue_local.core import faults

FAULT_CODES: dict[type, str] = {
    faults.Invalid: "InvalidInputException",
    faults.Missing: "EntityNotFoundException",
    faults.Exists: "AlreadyExistsException",
    faults.Conflict: "ConcurrentModificationException",
    faults.ConcurrentChange: "ConcurrentModificationException",
    faults.ConcurrentRunsExceeded: "ConcurrentRunsExceededException",
    faults.IllegalState: "IllegalWorkflowStateException",
    faults.LimitExceeded: "ResourceNumberLimitExceededException",
    faults.IdempotencyMismatch: "IdempotentParameterMismatchException",
}


def error_detail(fault: faults.Fault) -> dict[str, Any]:
    """Return the ErrorDetail of a failed batch entry."""
    return {"ErrorCode": fault.code or FAULT_CODES[type(fault)], "ErrorMessage": fault.message}
