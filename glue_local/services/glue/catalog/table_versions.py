"""Versions of the Data Catalog's tables: the current one and those that UpdateTable archived."""

from typing import Any

from glue_local.core.faults import Fault, Invalid, Missing
from glue_local.services.context import Context
from glue_local.store import Document, kinds
from glue_local.wire.paging import page

_PAGE = 100


def get_table_version(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetTableVersion: return {TableVersion}, the current one without ``VersionId``. Errors: EntityNotFoundException."""
    table = _table(ctx, request)
    wanted = str(request.get("VersionId", table["VersionId"]))
    found = table if wanted == table["VersionId"] else _archived(ctx, table, wanted)
    return {"TableVersion": _version(found)}


def get_table_versions(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetTableVersions: return a page of {TableVersions, NextToken}, the newest first."""
    table = _table(ctx, request)
    archived = [doc for _, doc in ctx.documents.scan(kinds.TABLE_VERSION, table["DatabaseName"], table["Name"])]
    listing = ("GetTableVersions", table["DatabaseName"], table["Name"])
    newest_first = [table, *reversed(archived)]
    found, token = page(newest_first, request, _PAGE, listing=listing, key=lambda doc: -int(doc["VersionId"]))
    return {"TableVersions": [_version(doc) for doc in found], "NextToken": token}


def delete_table_version(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteTableVersion: errors EntityNotFoundException, InvalidInputException (the current version)."""
    _delete(ctx, _table(ctx, request), request["VersionId"])
    return {}


def batch_delete_table_version(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchDeleteTableVersion: delete up to 100; returns {Errors} of those that could not be."""
    table, errors = _table(ctx, request), []
    with ctx.documents.transaction():
        for version in request["VersionIds"]:
            try:
                _delete(ctx, table, version)
            except (Invalid, Missing) as fault:
                errors.append({"TableName": table["Name"], "VersionId": version, "ErrorDetail": _detail(fault)})
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


def _table(ctx: Context, request: dict[str, Any]) -> Document:
    table = ctx.documents.read(kinds.TABLE, request["DatabaseName"].lower(), request["TableName"].lower())
    if table is None:
        raise Missing(f"Table {request['TableName'].lower()} not found.")
    return table


def _version(table: Document) -> Document:
    return {"Table": table, "VersionId": table["VersionId"]}


def _detail(fault: Fault) -> Document:
    code = "EntityNotFoundException" if isinstance(fault, Missing) else "InvalidInputException"
    return {"ErrorCode": code, "ErrorMessage": fault.message}
