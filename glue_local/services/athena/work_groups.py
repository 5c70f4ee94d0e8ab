"""Work groups: where query results go, and query limits."""

from typing import Any

from glue_local.core import arns
from glue_local.core.faults import Conflict, Exists, Invalid, NotEmulated
from glue_local.services.athena.engine import check_engine, effective
from glue_local.services.athena.lookup import PRIMARY, find_work_group, of_work_group, tags_in
from glue_local.services.context import Context
from glue_local.services.paging import page
from glue_local.store import Document, kinds

_PAGE = 50
# Members of a configuration that would change results or need an AWS service that is not emulated.
_REFUSED = {
    "IdentityCenterConfiguration": "IAM Identity Center is not emulated",
    "QueryResultsS3AccessGrantsConfiguration": "S3 Access Grants are not emulated",
    "EngineConfiguration": "it only applies to Spark",
    "SystemTableStatuses": "system tables are not emulated",
}
_SUMMARY = ("Name", "State", "Description", "CreationTime")


def create_work_group(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreateWorkGroup: enforces its configuration by default. Errors: InvalidRequestException."""
    name = request["Name"]
    configuration = {"EnforceWorkGroupConfiguration": True, **_configuration(request.get("Configuration", {}))}
    group = {
        "Name": name,
        "State": "ENABLED",
        "Configuration": configuration,
        "Description": request.get("Description", ""),
        "CreationTime": ctx.now,
    }
    tags = tags_in(request)
    with ctx.documents.transaction():
        if name == PRIMARY or not ctx.documents.insert(kinds.WORK_GROUP, name, doc=group):
            raise Exists("WorkGroup is already created")
        if tags:
            ctx.documents.write(kinds.TAGS, arns.work_group(ctx.region, ctx.account, name), doc=tags)
    return {}


def get_work_group(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetWorkGroup: return {WorkGroup}. Errors: InvalidRequestException."""
    return {"WorkGroup": find_work_group(ctx, request["WorkGroup"])}


def list_work_groups(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """ListWorkGroups: return a page of {WorkGroups, NextToken}, by name; primary always exists."""
    groups = {name: group for (name,), group in ctx.documents.scan(kinds.WORK_GROUP)}
    groups.setdefault(PRIMARY, find_work_group(ctx, PRIMARY))
    ordered = [groups[name] for name in sorted(groups)]
    found, token = page(ordered, request, _PAGE, listing=("ListWorkGroups",), key=lambda group: group["Name"])
    return {"WorkGroups": [_summary(group) for group in found], "NextToken": token}


def update_work_group(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateWorkGroup: change the given members and keep the rest. Errors: InvalidRequestException."""
    with ctx.documents.transaction():
        group = find_work_group(ctx, request["WorkGroup"])
        updates = request.get("ConfigurationUpdates", {})
        group["Configuration"] = _updated(group["Configuration"], updates)
        group["Description"] = request.get("Description", group["Description"])
        group["State"] = request.get("State", group["State"])
        ctx.documents.write(kinds.WORK_GROUP, group["Name"], doc=group)
    return {}


def delete_work_group(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteWorkGroup: RecursiveDeleteOption also deletes one that has queries. Errors: InvalidRequestException."""
    name = request["WorkGroup"]
    if name == PRIMARY:
        raise Invalid("The primary WorkGroup cannot be deleted")
    with ctx.documents.transaction():
        find_work_group(ctx, name)
        named = of_work_group(ctx, name)
        held = named or ctx.documents.count(kinds.QUERY_BY_TIME, name)
        if held and not request.get("RecursiveDeleteOption"):
            raise Conflict(f"WorkGroup {name} is not empty")
        for query_id in named:
            ctx.documents.remove(kinds.NAMED_QUERY, query_id)
        ctx.documents.remove_under(kinds.PREPARED_STATEMENT, name)
        ctx.documents.remove(kinds.TAGS, arns.work_group(ctx.region, ctx.account, name))
        ctx.documents.remove(kinds.WORK_GROUP, name)
    return {}


def _summary(group: Document) -> Document:
    shown = {member: group[member] for member in _SUMMARY if member in group}
    return {**shown, "EngineVersion": group["Configuration"]["EngineVersion"]}


def _configuration(given: Document) -> Document:
    for member, why in _REFUSED.items():
        if given.get(member):
            raise NotEmulated(f"glue-local does not emulate a work group's {member} ({why}): leave it out")
    if given.get("ManagedQueryResultsConfiguration", {}).get("Enabled"):
        raise NotEmulated("glue-local does not emulate managed query results: give the work group an OutputLocation")
    check_engine(given.get("EngineVersion", {}).get("SelectedEngineVersion", "AUTO"))
    defaults = {"PublishCloudWatchMetricsEnabled": False, "RequesterPaysEnabled": False}
    return {**defaults, **given, "EngineVersion": effective(given.get("EngineVersion", {}))}


def _updated(configuration: Document, updates: Document) -> Document:
    kept = {**configuration, **{member: value for member, value in updates.items() if member in _MEMBERS}}
    if updates.get("RemoveBytesScannedCutoffPerQuery"):
        kept.pop("BytesScannedCutoffPerQuery", None)
    if "ResultConfigurationUpdates" in updates:
        kept["ResultConfiguration"] = _result(
            kept.get("ResultConfiguration", {}), updates["ResultConfigurationUpdates"]
        )
    managed = updates.get("ManagedQueryResultsConfigurationUpdates")
    return _configuration({**kept, **({"ManagedQueryResultsConfiguration": managed} if managed else {})})


_MEMBERS = (
    *("EnforceWorkGroupConfiguration", "PublishCloudWatchMetricsEnabled", "BytesScannedCutoffPerQuery"),
    *("RequesterPaysEnabled", "EngineVersion", "AdditionalConfiguration", "ExecutionRole", "MonitoringConfiguration"),
    *("CustomerContentEncryptionConfiguration", "EnableMinimumEncryptionConfiguration", *_REFUSED),
)
_RESULT_MEMBERS = ("OutputLocation", "EncryptionConfiguration", "ExpectedBucketOwner", "AclConfiguration")


def _result(configuration: Document, updates: Document) -> Document:
    changed = {**configuration, **{member: updates[member] for member in _RESULT_MEMBERS if member in updates}}
    return {member: value for member, value in changed.items() if not updates.get(f"Remove{member}")}
