"""Usage profiles: stored here, assigned by a tag on an IAM user or role, checked when jobs are saved and run."""

from typing import Any

from glue_local.core import arns
from glue_local.core.faults import Exists, Invalid
from glue_local.prices import DPUS
from glue_local.runs.usage_profiles import NUMBERS, PARAMETERS, find_profile
from glue_local.services.context import Context
from glue_local.services.paging import page
from glue_local.services.tagged_resources import add_tags, check_tag_names
from glue_local.store import kinds

_PAGE = 100
_SECTIONS = {"JobConfiguration": tuple(PARAMETERS), "SessionConfiguration": (*PARAMETERS, "idleTimeout")}
_SHOWN = ("Name", "Description", "CreatedOn", "LastModifiedOn")


def create_usage_profile(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreateUsageProfile: return {Name}. Errors: AlreadyExistsException, InvalidInputException."""
    name, tags, now = request["Name"], request.get("Tags", {}), ctx.now
    check_tag_names(tags)
    profile = {**_definition(request), "Name": name, "CreatedOn": now, "LastModifiedOn": now}
    with ctx.documents.transaction():
        if not ctx.documents.insert(kinds.USAGE_PROFILE, name, doc=profile):
            raise Exists(f"Usage profile already exists: {name}")
        if tags:
            add_tags(ctx, arns.usage_profile(ctx.region, ctx.account, name), tags)
    return {"Name": name}


def update_usage_profile(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateUsageProfile: replace the configuration. Returns {Name}. Errors: EntityNotFoundException, InvalidInputException."""
    name = request["Name"]
    with ctx.documents.transaction():
        kept = {"Name": name, "CreatedOn": find_profile(ctx.documents, name)["CreatedOn"], "LastModifiedOn": ctx.now}
        ctx.documents.write(kinds.USAGE_PROFILE, name, doc={**_definition(request), **kept})
    return {"Name": name}


def get_usage_profile(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetUsageProfile: return {Name, Description, Configuration, CreatedOn, LastModifiedOn}. Errors: EntityNotFoundException."""
    return find_profile(ctx.documents, request["Name"])


def list_usage_profiles(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """ListUsageProfiles: return a page of {Profiles, NextToken}, by name."""
    profiles = [
        {member: profile[member] for member in _SHOWN if member in profile}
        for _, profile in ctx.documents.scan(kinds.USAGE_PROFILE)
    ]
    found, token = page(profiles, request, _PAGE, listing=("ListUsageProfiles",), key=lambda each: each["Name"])
    return {"Profiles": found, "NextToken": token}


def delete_usage_profile(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteUsageProfile. Succeeds if the profile does not exist: AWS lists no EntityNotFoundException for it."""
    with ctx.documents.transaction():
        ctx.documents.remove(kinds.USAGE_PROFILE, request["Name"])
        ctx.documents.remove(kinds.TAGS, arns.usage_profile(ctx.region, ctx.account, request["Name"]))
    return {}


def _definition(request: dict[str, Any]) -> dict[str, Any]:
    configuration = request["Configuration"]
    if not any(configuration.values()):
        raise Invalid("Configuration must set at least one parameter of jobs or sessions.")
    for section, parameters in configuration.items():
        for name, limits in parameters.items():
            if name not in _SECTIONS[section]:
                known = ", ".join(_SECTIONS[section])
                raise Invalid(f"{section} has no parameter {name}: use one of {known}.")
            _check_number(name, limits) if name in NUMBERS else _check_worker_type(name, limits)
    kept = {"Description": request["Description"]} if "Description" in request else {}
    return {"Configuration": configuration, **kept}


def _check_number(name: str, limits: dict[str, Any]) -> None:
    if "AllowedValues" in limits:
        raise Invalid(f"{name} is a number: use MinValue and MaxValue, not AllowedValues.")
    values: list[int] = []
    for member in ("MinValue", "DefaultValue", "MaxValue"):
        text = limits.get(member, values[-1] if values else "1")
        if not (str(text).isascii() and str(text).isdigit() and 0 < int(text) < 2**31):
            raise Invalid(f"{member} of {name} must be a whole number of at least 1, not {text}.")
        values.append(int(text))
    # An absent maximum was replaced by the value before it.
    if values != sorted(values):
        raise Invalid(f"MinValue, DefaultValue and MaxValue of {name} must be in this order: {limits}.")


def _check_worker_type(name: str, limits: dict[str, Any]) -> None:
    if "MinValue" in limits or "MaxValue" in limits:
        raise Invalid(f"{name} is not a number: use AllowedValues, not MinValue and MaxValue.")
    allowed = limits.get("AllowedValues", list(DPUS))
    if not allowed:
        raise Invalid(f"AllowedValues of {name} must have at least one value: leave it out to allow all.")
    wrong = [each for each in allowed if each not in DPUS]
    if wrong:
        raise Invalid(f"Worker Type {wrong[0]} is not supported.")
    if limits.get("DefaultValue", allowed[0]) not in allowed:
        raise Invalid(f"DefaultValue of {name} must be one of its AllowedValues, not {limits['DefaultValue']}.")
