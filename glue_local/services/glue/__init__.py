"""AWS Glue: one module per resource noun, one function per operation."""

from types import ModuleType

from glue_local.core import faults

NOUNS: tuple[ModuleType, ...] = ()

FAULT_CODES: dict[type, str] = {
    faults.Invalid: "InvalidInputException",
    faults.Missing: "EntityNotFoundException",
    faults.Exists: "AlreadyExistsException",
    faults.Conflict: "ConcurrentModificationException",
    faults.ConcurrentChange: "ConcurrentModificationException",
    faults.ConcurrentRunsExceeded: "ConcurrentRunsExceededException",
    faults.LimitExceeded: "ResourceNumberLimitExceededException",
    faults.IdempotencyMismatch: "IdempotentParameterMismatchException",
}
