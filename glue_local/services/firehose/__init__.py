"""Amazon Data Firehose: delivery streams and their records."""

from types import ModuleType

from glue_local.core import faults
from glue_local.services.firehose import delivery_streams, encryption, records, tags
from glue_local.services.firehose.parameters import ACCEPTED, NOT_EMULATED
from glue_local.services.parameters import refuse

NOUNS: tuple[ModuleType, ...] = (delivery_streams, records, tags, encryption)

FAULT_CODES: dict[type, str] = {
    faults.Invalid: "InvalidArgumentException",
    faults.Missing: "ResourceNotFoundException",
    faults.Exists: "ResourceInUseException",
    faults.Conflict: "ResourceInUseException",
    faults.ConcurrentChange: "ConcurrentModificationException",
    faults.LimitExceeded: "LimitExceededException",
}

CHECK = refuse(NOT_EMULATED)

__all__ = ["ACCEPTED", "CHECK", "FAULT_CODES", "NOT_EMULATED", "NOUNS"]
