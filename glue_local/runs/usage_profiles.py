"""Usage profiles: the defaults and limits that an administrator sets for the jobs and runs of a user or role.

https://docs.aws.amazon.com/glue/latest/dg/start-usage-profiles-managing.html
"""

from collections.abc import Mapping
from typing import Any

from glue_local.core.faults import Invalid, Missing
from glue_local.store import Document, Documents, kinds

PARAMETERS = {"numberOfWorkers": "NumberOfWorkers", "workerType": "WorkerType", "timeout": "Timeout"}
"""The parameters of a profile's JobConfiguration, and the members of a job or run that they limit."""
NUMBERS = ("numberOfWorkers", "timeout", "idleTimeout")
"""The parameters with a minimum and a maximum; the others have allowed values."""
_WORKERS = ("numberOfWorkers", "workerType")


def find_profile(documents: Documents, name: str) -> Document:
    """Return a usage profile. Raises Missing (EntityNotFoundException)."""
    profile = documents.read(kinds.USAGE_PROFILE, name)
    if profile is None:
        raise Missing(f"Usage profile {name} not found.")
    return profile


def with_defaults(profile: Document, command: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a job with a profile's defaults for those that ``wanted`` does not set.

    A job that sets its capacity in DPUs, and a Python shell job, gets no workers.
    """
    no_workers = command == "pythonshell" or "MaxCapacity" in wanted or "AllocatedCapacity" in wanted
    defaults = {
        PARAMETERS[name]: int(limits["DefaultValue"]) if name in NUMBERS else limits["DefaultValue"]
        for name, limits in _limits(profile).items()
        if "DefaultValue" in limits and not (no_workers and name in _WORKERS)
    }
    return {**defaults, **wanted}


def check_limits(profile: Document, members: Mapping[str, Any]) -> None:
    """Check the members of a job or run against a profile's limits; raises Invalid."""
    for name, limits in _limits(profile).items():
        member = PARAMETERS[name]
        if member in members and not _allows(name, limits, members[member]):
            raise Invalid(
                f"{member} {members[member]} is not allowed by the usage profile {profile['Name']}: {_range(limits)}."
            )


def check_run(documents: Documents, run: Document, profile_name: str | None) -> None:
    """Check a run against a profile, if it has one, and record the profile in it. Raises Invalid, Missing."""
    if profile_name is None:
        return
    check_limits(find_profile(documents, profile_name), run)
    run["ProfileName"] = profile_name


def _limits(profile: Document) -> Mapping[str, Any]:
    limits: Mapping[str, Any] = profile["Configuration"].get("JobConfiguration", {})
    return limits


def _allows(name: str, limits: Mapping[str, Any], value: Any) -> bool:
    if name not in NUMBERS:
        return value in limits.get("AllowedValues", [value])
    return bool(int(limits.get("MinValue", value)) <= value <= int(limits.get("MaxValue", value)))


def _range(limits: Mapping[str, Any]) -> str:
    texts = {"MinValue": "the minimum is {}", "MaxValue": "the maximum is {}"}
    parts = [text.format(limits[member]) for member, text in texts.items() if member in limits]
    if "AllowedValues" in limits:
        parts.append(f"use one of {', '.join(limits['AllowedValues'])}")
    return ", ".join(parts)
