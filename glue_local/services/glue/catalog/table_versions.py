"""Table versions: the current one and those that UpdateTable archived."""

from typing import Any

from glue_local.core.faults import Invalid, Missing
from glue_local.services.context import Context
from glue_local.services.glue.catalog.lookup import find_table
from glue_local.services.glue.fault_codes import error_detail
from glue_local.services.paging import page
from glue_local.store import Document, kinds

_PAGE = 100


def get_table_version(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetTableVersion: return {TableVersion}; the default of ``VersionId`` is the current one. Errors: EntityNotFoundException."""
    table = find_table(ctx, request["DatabaseName"], request["TableName"])
    wanted = str(request.get("VersionId", table["VersionId"]))
    found = table if wanted == table["VersionId"] else _archived(ctx, table, wanted)
    return {"TableVersion": _version(found)}


def get_table_versions(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetTableVersions: return a page of {TableVersions, NextToken}, the newest first."""
    table = find_table(ctx, request["DatabaseName"], request["TableName"])
    archived = [doc for _, doc in ctx.documents.scan(kinds.TABLE_VERSION, table["DatabaseName"], table["Name"])]
    listing = ("GetTableVersions", table["DatabaseName"], table["Name"])
    newest_first = [table, *reversed(archived)]
    found, token = page(newest_first, request, _PAGE, listing=listing, key=lambda doc: -int(doc["VersionId"]))
    return {"TableVersions": [_version(doc) for doc in found], "NextToken": token}


def delete_table_version(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteTableVersion. Errors: EntityNotFoundException, InvalidInputException (the current version)."""
    _delete(ctx, find_table(ctx, request["DatabaseName"], request["TableName"]), request["VersionId"])
    return {}


def batch_delete_table_version(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchDeleteTableVersion: delete up to 100; returns {Errors} for the failed ones."""
    table, errors = find_table(ctx, request["DatabaseName"], request["TableName"]), []
    with ctx.documents.transaction():
        for version in request["VersionIds"]:
            try:
                _delete(ctx, table, version)
            except (Invalid, Missing) as fault:
                errors.append({"TableName": table["Name"], "VersionId": version, "ErrorDetail": error_detail(fault)})
    return {"Errors": errors}


def _delete(ctx: Context, table: Document, version: str) -> None:
    if version == table["VersionId"]:
        raise Invalid(f"Cannot delete the current version {version} of table {table['Name']}.")
    _archived(ctx, table, version)
    ctx.documents.remove(kinds.TABLE_VERSION, table["DatabaseName"], table["Name"], version.zfill(10))


def _archived(ctx: Context, table: Document, version: str) -> Document:
    found = ctx.documents.read(kinds.TABLE_VERSION, table["DatabaseName"], table["Name"], version.zfill(10))
    if found is None:
        raise Missing(f"Table version {version} of {table['Name']} not found.")
    return found


def _version(table: Document) -> Document:
    return {"Table": table, "VersionId": table["VersionId"]}
