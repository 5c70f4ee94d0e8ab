"""Connections: how jobs connect to a database."""

from typing import Any

from glue_local.core import arns
from glue_local.core.faults import Exists, Missing
from glue_local.services.context import Context
from glue_local.services.glue.fault_codes import error_detail
from glue_local.services.paging import page
from glue_local.services.tagged_resources import add_tags, check_tag_names
from glue_local.store import Document, kinds

_PAGE = 100
_SECRETS = ("PASSWORD", "ENCRYPTED_PASSWORD")


def create_connection(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreateConnection: return {CreateConnectionStatus}; the connection is not tested. Errors: AlreadyExistsException."""
    given, now = request["ConnectionInput"], ctx.now
    connection = {**given, "CreationTime": now, "LastUpdatedTime": now, "Status": "READY"}
    tags = request.get("Tags", {})
    check_tag_names(tags)
    with ctx.documents.transaction():
        if not ctx.documents.insert(kinds.CONNECTION, given["Name"], doc=connection):
            raise Exists("Connection already exists.")
        if tags:
            add_tags(ctx, arns.connection(ctx.region, ctx.account, given["Name"]), tags)
    return {"CreateConnectionStatus": "READY"}


def get_connection(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetConnection: return {Connection}, with ``HidePassword`` without its password. Errors: EntityNotFoundException."""
    return {"Connection": _shown(_connection(ctx, request["Name"]), request)}


def get_connections(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetConnections: return a page of {ConnectionList, NextToken}, filtered by ``Filter``."""
    wanted = request.get("Filter") or {}
    connections = [
        _shown(connection, request)
        for _, connection in ctx.documents.scan(kinds.CONNECTION)
        if wanted.get("ConnectionType") in (None, connection["ConnectionType"])
        and set(wanted.get("MatchCriteria") or ()) <= set(connection.get("MatchCriteria") or ())
    ]
    listing = ("GetConnections", wanted)
    found, token = page(connections, request, _PAGE, listing=listing, key=lambda connection: connection["Name"])
    return {"ConnectionList": found, "NextToken": token}


def update_connection(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateConnection: replace the definition. Errors: EntityNotFoundException."""
    with ctx.documents.transaction():
        old = _connection(ctx, request["Name"])
        kept = {"Name": old["Name"], "CreationTime": old["CreationTime"], "Status": old["Status"]}
        new = {**request["ConnectionInput"], **kept, "LastUpdatedTime": ctx.now}
        ctx.documents.write(kinds.CONNECTION, old["Name"], doc=new)
    return {}


def delete_connection(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteConnection. Errors: EntityNotFoundException."""
    _delete(ctx, request["ConnectionName"])
    return {}


def batch_delete_connection(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchDeleteConnection: return {Succeeded, Errors by name}."""
    succeeded, errors = [], {}
    for name in request["ConnectionNameList"]:
        try:
            _delete(ctx, name)
            succeeded.append(name)
        except Missing as fault:
            errors[name] = error_detail(fault)
    return {"Succeeded": succeeded, "Errors": errors}


def _delete(ctx: Context, name: str) -> None:
    with ctx.documents.transaction():
        _connection(ctx, name)
        ctx.documents.remove(kinds.CONNECTION, name)
        ctx.documents.remove(kinds.TAGS, arns.connection(ctx.region, ctx.account, name))


def _connection(ctx: Context, name: str) -> Document:
    connection = ctx.documents.read(kinds.CONNECTION, name)
    if connection is None:
        raise Missing(f"Connection {name} not found.")
    return connection


def _shown(connection: Document, request: dict[str, Any]) -> Document:
    if not request.get("HidePassword"):
        return connection
    properties = connection.get("ConnectionProperties", {})
    return {
        **connection,
        "ConnectionProperties": {name: value for name, value in properties.items() if name not in _SECRETS},
    }
