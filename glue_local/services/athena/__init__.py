"""Amazon Athena: one module per resource noun, one function per operation."""

from types import ModuleType

from glue_local.core import faults
from glue_local.services.athena import (
    data_catalogs,
    databases,
    engine_versions,
    named_queries,
    prepared_statements,
    query_executions,
    query_results,
    table_metadata,
    tags,
    work_groups,
)
from glue_local.services.athena.parameters import ACCEPTED, NOT_EMULATED
from glue_local.services.parameters import refuse

NOUNS: tuple[ModuleType, ...] = (
    query_executions,
    query_results,
    work_groups,
    named_queries,
    prepared_statements,
    data_catalogs,
    databases,
    table_metadata,
    engine_versions,
    tags,
)

FAULT_CODES: dict[type, str] = {
    faults.Invalid: "InvalidRequestException",
    faults.Malformed: "InvalidRequestException",
    faults.Missing: "InvalidRequestException",
    faults.Exists: "InvalidRequestException",
    faults.Conflict: "InvalidRequestException",
    faults.IdempotencyMismatch: "InvalidRequestException",
    faults.LimitExceeded: "InvalidRequestException",
}

CHECK = refuse(NOT_EMULATED)

__all__ = ["ACCEPTED", "CHECK", "FAULT_CODES", "NOT_EMULATED", "NOUNS"]
