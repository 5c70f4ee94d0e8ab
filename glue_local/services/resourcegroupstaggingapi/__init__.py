"""Resource Groups Tagging API: tags of glue-local's resources and of the backend's."""

from types import ModuleType

from glue_local.core import faults
from glue_local.services.parameters import ByOperation, refuse
from glue_local.services.resourcegroupstaggingapi import resources

NOUNS: tuple[ModuleType, ...] = (resources,)

FAULT_CODES: dict[type, str] = {faults.Invalid: "InvalidParameterException"}

ACCEPTED: ByOperation = {"GetResources": {"TagsPerPage": "ResourcesPerPage alone sets the page size"}}
NOT_EMULATED: ByOperation = {
    "GetResources": {
        "IncludeComplianceDetails": "tag policies are not emulated",
        "ExcludeCompliantResources": "tag policies are not emulated",
    },
}

CHECK = refuse(NOT_EMULATED)

__all__ = ["ACCEPTED", "CHECK", "FAULT_CODES", "NOT_EMULATED", "NOUNS"]
