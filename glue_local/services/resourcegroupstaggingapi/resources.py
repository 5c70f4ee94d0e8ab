"""Tagged resources of all services: glue-local's from the store, the others from the backend."""

from typing import Any

from glue_local.core.faults import Fault, Invalid
from glue_local.services.context import Context
from glue_local.services.paging import page
from glue_local.services.tagged_resources import (
    MOST_TAGS,
    add_tags,
    all_tags,
    canonical,
    check_tag_names,
    exists,
    is_ours,
    remove_tags,
)

_PAGE = 50
_NAMES_PAGE = 1000
_MOST_RESOURCES = 100
_FILTERS = ("TagFilters", "ResourceTypeFilters", "ResourceARNList")
_FAILED = {"StatusCode": 400, "ErrorCode": "InvalidParameterException"}


def get_resources(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetResources: return a page of {ResourceTagMappingList, PaginationToken}: resources that have or had tags.

    A page holds up to ``ResourcesPerPage`` resources; ``TagsPerPage`` is ignored. Errors: InvalidParameterException.
    """
    size = request.get("ResourcesPerPage", _PAGE)
    if not 1 <= size <= _MOST_RESOURCES:
        raise Invalid(f"ResourcesPerPage must be between 1 and {_MOST_RESOURCES}, not {size}.")
    if "ResourceARNList" in request and set(request) & {"TagFilters", "ResourceTypeFilters"}:
        raise Invalid("ResourceARNList cannot be combined with TagFilters or ResourceTypeFilters.")
    filters = {name: request[name] for name in _FILTERS if name in request}
    found = {arn: tags for arn, tags in all_tags(ctx).items() if _selected(arn, tags, filters)}
    for each in _of_backend(ctx, "GetResources", "ResourceTagMappingList", filters):
        found.setdefault(each["ResourceARN"], {tag["Key"]: tag["Value"] for tag in each.get("Tags", [])})
    mappings = [
        {"ResourceARN": arn, "Tags": [{"Key": name, "Value": value} for name, value in tags.items()]}
        for arn, tags in sorted(found.items())
    ]
    paging = {"NextToken": request.get("PaginationToken"), "MaxResults": size}
    listing = ("GetResources", filters)
    shown, token = page(mappings, paging, _PAGE, listing=listing, key=lambda each: each["ResourceARN"])
    return {"ResourceTagMappingList": shown, "PaginationToken": token or ""}


def get_tag_keys(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetTagKeys: return a page of {TagKeys, PaginationToken}, by name."""
    names = {name for tags in all_tags(ctx).values() for name in tags}
    names |= set(_of_backend(ctx, "GetTagKeys", "TagKeys", {}))
    return _names(request, "TagKeys", names, ("GetTagKeys",))


def get_tag_values(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetTagValues: return a page of {TagValues, PaginationToken} of a tag, by value."""
    name = request["Key"]
    values = {tags[name] for tags in all_tags(ctx).values() if name in tags}
    values |= set(_of_backend(ctx, "GetTagValues", "TagValues", {"Key": name}))
    return _names(request, "TagValues", values, ("GetTagValues", name))


def tag_resources(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """TagResources: add tags to up to 20 resources; return {FailedResourcesMap}."""
    check_tag_names(request["Tags"])
    ours, others = _divided(request["ResourceARNList"])
    failed = {}
    for given in ours:
        arn = canonical(ctx, given)
        if arn is None or not exists(ctx, arn):
            failed[given] = {**_FAILED, "ErrorMessage": f"{given} does not exist, or its type cannot be tagged."}
        elif not add_tags(ctx, arn, request["Tags"]):
            failed[given] = {**_FAILED, "ErrorMessage": f"A resource can have at most {MOST_TAGS} tags."}
    return {"FailedResourcesMap": {**failed, **_passed_on(ctx, "TagResources", others, Tags=request["Tags"])}}


def untag_resources(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UntagResources: remove tags from up to 20 resources; return {FailedResourcesMap}."""
    ours, others = _divided(request["ResourceARNList"])
    failed = {}
    for given in ours:
        arn = canonical(ctx, given)
        if arn is None or not exists(ctx, arn):
            failed[given] = {**_FAILED, "ErrorMessage": f"{given} does not exist, or its type cannot be tagged."}
        else:
            remove_tags(ctx, arn, request["TagKeys"])
    return {"FailedResourcesMap": {**failed, **_passed_on(ctx, "UntagResources", others, TagKeys=request["TagKeys"])}}


def _selected(arn: str, tags: dict[str, str], filters: dict[str, Any]) -> bool:
    if "ResourceARNList" in filters and arn not in filters["ResourceARNList"]:
        return False
    types = filters.get("ResourceTypeFilters")
    if types and not set(types) & _types(arn):
        return False
    return all(
        wanted.get("Key") in tags and (not wanted.get("Values") or tags[wanted["Key"]] in wanted["Values"])
        for wanted in filters.get("TagFilters", [])
    )


def _types(arn: str) -> set[str]:
    service, resource = arn.split(":")[2], arn.split(":", 5)[5]
    return {service, f"{service}:{resource.partition('/')[0]}"}


def _of_backend(ctx: Context, operation: str, member: str, request: dict[str, Any]) -> list[Any]:
    found: list[Any] = []
    token = ""
    while True:
        answer = ctx.backend(operation, {**request, **({"PaginationToken": token} if token else {})})
        found += answer.get(member, [])
        token = answer.get("PaginationToken") or ""
        if not token:
            return found


def _names(request: dict[str, Any], member: str, names: set[str], listing: tuple[str, ...]) -> dict[str, Any]:
    paging = {"NextToken": request.get("PaginationToken")}
    shown, token = page(sorted(names), paging, _NAMES_PAGE, listing=listing, key=str)
    return {member: shown, "PaginationToken": token or ""}


def _divided(given: list[str]) -> tuple[list[str], list[str]]:
    return [arn for arn in given if is_ours(arn)], [arn for arn in given if not is_ours(arn)]


def _passed_on(ctx: Context, operation: str, others: list[str], **request: Any) -> dict[str, Any]:
    if not others:
        return {}
    try:
        failed: dict[str, Any] = ctx.backend(operation, {"ResourceARNList": others, **request})["FailedResourcesMap"]
    except Fault as fault:
        return {arn: {**_FAILED, "ErrorMessage": fault.message} for arn in others}
    return failed
