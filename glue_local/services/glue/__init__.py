"""AWS Glue: one module per resource noun, one function per operation."""

from types import ModuleType

from glue_local.core import faults
from glue_local.services.glue import (
    bookmarks,
    connections,
    databases,
    job_runs,
    jobs,
    partitions,
    table_versions,
    tables,
    tags,
)
from glue_local.services.glue.parameters import ACCEPTED, NOT_EMULATED
from glue_local.services.parameters import refuse

NOUNS: tuple[ModuleType, ...] = (
    databases,
    tables,
    table_versions,
    partitions,
    tags,
    jobs,
    job_runs,
    bookmarks,
    connections,
)

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

CHECK = refuse(NOT_EMULATED)

__all__ = ["ACCEPTED", "CHECK", "FAULT_CODES", "NOT_EMULATED", "NOUNS"]
