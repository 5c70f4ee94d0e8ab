"""Named queries: query texts saved under a name."""

from typing import Any

from glue_local.core.faults import Missing
from glue_local.services.athena.lookup import PRIMARY, find_work_group, of_work_group
from glue_local.services.athena.tokens import once
from glue_local.services.context import Context
from glue_local.services.paging import page
from glue_local.store import Document, kinds

_PAGE = 50


def create_named_query(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreateNamedQuery: return {NamedQueryId}; the same id for the same ClientRequestToken."""
    group = request.get("WorkGroup", PRIMARY)
    find_work_group(ctx, group)

    def create() -> str:
        query_id = ctx.ids.uuid()
        kept: Document = {
            member: request[member]
            for member in ("Name", "Description", "Database", "QueryString")
            if member in request
        }
        ctx.documents.write(kinds.NAMED_QUERY, query_id, doc={**kept, "NamedQueryId": query_id, "WorkGroup": group})
        return query_id

    return {"NamedQueryId": once(ctx, "CreateNamedQuery", request, create)}


def get_named_query(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetNamedQuery: return {NamedQuery}. Errors: InvalidRequestException."""
    return {"NamedQuery": _named_query(ctx, request["NamedQueryId"])}


def batch_get_named_query(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchGetNamedQuery: return {NamedQueries, UnprocessedNamedQueryIds}."""
    found = {query_id: ctx.documents.read(kinds.NAMED_QUERY, query_id) for query_id in request["NamedQueryIds"]}
    missing = [
        {"NamedQueryId": query_id, "ErrorCode": "INVALID_INPUT", "ErrorMessage": _missing(query_id)}
        for query_id, query in found.items()
        if query is None
    ]
    return {"NamedQueries": [query for query in found.values() if query], "UnprocessedNamedQueryIds": missing}


def list_named_queries(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """ListNamedQueries: return a page of {NamedQueryIds, NextToken} of a work group."""
    group = request.get("WorkGroup", PRIMARY)
    find_work_group(ctx, group)
    listing = ("ListNamedQueries", group)
    found, token = page(sorted(of_work_group(ctx, group)), request, _PAGE, listing=listing, key=str)
    return {"NamedQueryIds": found, "NextToken": token}


def update_named_query(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateNamedQuery: replace name, text and description. Errors: InvalidRequestException."""
    with ctx.documents.transaction():
        query = _named_query(ctx, request["NamedQueryId"])
        changed: Document = {
            member: request[member] for member in ("Name", "Description", "QueryString") if member in request
        }
        ctx.documents.write(kinds.NAMED_QUERY, query["NamedQueryId"], doc={**query, **changed})
    return {}


def delete_named_query(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteNamedQuery. Errors: InvalidRequestException."""
    query = _named_query(ctx, request["NamedQueryId"])
    ctx.documents.remove(kinds.NAMED_QUERY, query["NamedQueryId"])
    return {}


def _named_query(ctx: Context, query_id: str) -> Document:
    query = ctx.documents.read(kinds.NAMED_QUERY, query_id)
    if query is None:
        raise Missing(_missing(query_id))
    return query


def _missing(query_id: str) -> str:
    return f"NamedQuery {query_id} was not found"
