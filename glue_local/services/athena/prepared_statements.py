"""Prepared statements: parameterized query texts, stored per work group."""

from typing import Any

from glue_local.core.faults import Exists, Missing
from glue_local.services.athena.lookup import find_work_group
from glue_local.services.context import Context
from glue_local.services.paging import page
from glue_local.store import Document, kinds

_PAGE = 50


def create_prepared_statement(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreatePreparedStatement. Errors: InvalidRequestException when the name is taken."""
    group, name = request["WorkGroup"], request["StatementName"]
    find_work_group(ctx, group)
    if not ctx.documents.insert(kinds.PREPARED_STATEMENT, group, name, doc=_statement(ctx, request)):
        raise Exists(f"PreparedStatement {name} already exists in WorkGroup {group}")
    return {}


def get_prepared_statement(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetPreparedStatement: return {PreparedStatement}. Errors: ResourceNotFoundException."""
    return {"PreparedStatement": _find(ctx, request["WorkGroup"], request["StatementName"])}


def batch_get_prepared_statement(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchGetPreparedStatement: return {PreparedStatements, UnprocessedPreparedStatementNames}."""
    group = request["WorkGroup"]
    find_work_group(ctx, group)
    found = {
        name: ctx.documents.read(kinds.PREPARED_STATEMENT, group, name) for name in request["PreparedStatementNames"]
    }
    missing = [
        {"StatementName": name, "ErrorCode": "STATEMENT_NOT_FOUND", "ErrorMessage": _missing(group, name)}
        for name, statement in found.items()
        if statement is None
    ]
    statements = [statement for statement in found.values() if statement]
    return {"PreparedStatements": statements, "UnprocessedPreparedStatementNames": missing}


def list_prepared_statements(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """ListPreparedStatements: return a page of {PreparedStatements, NextToken}, by name."""
    group = request["WorkGroup"]
    find_work_group(ctx, group)
    statements = [statement for _, statement in ctx.documents.scan(kinds.PREPARED_STATEMENT, group)]
    listing = ("ListPreparedStatements", group)
    found, token = page(statements, request, _PAGE, listing=listing, key=lambda statement: statement["StatementName"])
    summaries = [{member: each[member] for member in ("StatementName", "LastModifiedTime")} for each in found]
    return {"PreparedStatements": summaries, "NextToken": token}


def update_prepared_statement(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdatePreparedStatement: replace text and description. Errors: ResourceNotFoundException."""
    group, name = request["WorkGroup"], request["StatementName"]
    with ctx.documents.transaction():
        _find(ctx, group, name)
        ctx.documents.write(kinds.PREPARED_STATEMENT, group, name, doc=_statement(ctx, request))
    return {}


def delete_prepared_statement(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeletePreparedStatement. Errors: ResourceNotFoundException."""
    group, name = request["WorkGroup"], request["StatementName"]
    _find(ctx, group, name)
    ctx.documents.remove(kinds.PREPARED_STATEMENT, group, name)
    return {}


def _statement(ctx: Context, request: dict[str, Any]) -> Document:
    described = {"Description": request["Description"]} if "Description" in request else {}
    return {
        "StatementName": request["StatementName"],
        "QueryStatement": request["QueryStatement"],
        "WorkGroupName": request["WorkGroup"],
        "LastModifiedTime": ctx.now,
        **described,
    }


def _find(ctx: Context, group: str, name: str) -> Document:
    find_work_group(ctx, group)
    statement = ctx.documents.read(kinds.PREPARED_STATEMENT, group, name)
    if statement is None:
        raise Missing(_missing(group, name), code="ResourceNotFoundException")
    return statement


def _missing(group: str, name: str) -> str:
    return f"PreparedStatement {name} was not found in WorkGroup {group}"
