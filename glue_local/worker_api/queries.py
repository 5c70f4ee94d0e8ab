"""Handlers for query workers: claim, started, heartbeat, finished."""

from typing import Any

from glue_local import work
from glue_local.core.faults import Invalid
from glue_local.query_executions import CANCELLED, FAILED, QUERY_EXECUTION, SUCCEEDED
from glue_local.query_executions.query_execution import ENGINE
from glue_local.store import Document, Documents, kinds
from glue_local.worker_api.context import PrivateContext

_OUTCOMES = (SUCCEEDED, FAILED, CANCELLED)


def claim(ctx: PrivateContext, body: dict[str, Any]) -> dict[str, Any] | None:
    """Claim the oldest queued query; wait up to ``wait`` seconds for one.

    Returns {query, configuration, prepared, catalogs, account, region, claim}, or None.
    """
    return work.long_poll(ctx.store, lambda: _claim(ctx, body["worker"]), float(body.get("wait", 0)), ctx.connected)


def started(ctx: PrivateContext, body: dict[str, Any], query_id: str) -> dict[str, Any]:
    """The engine is ready: move the query to RUNNING and store its statement type. Returns {stop}."""
    with ctx.store.transaction():
        held = work.claimed_by(ctx, QUERY_EXECUTION, query_id, body["claim"])
        query = {**held.document, "StatementType": body["kind"], "SubstatementType": body["substatement"]}
        held.documents.write(kinds.QUERY, query_id, doc=query, state=held.state)
        answer = work.begun(ctx, QUERY_EXECUTION, query_id, body["claim"])
    return {"stop": answer.stop}


def heartbeat(ctx: PrivateContext, body: dict[str, Any], query_id: str) -> dict[str, Any]:
    """Keep a claim alive; returns {stop}. Raises Conflict if the claim is lost."""
    return {"stop": work.heartbeat(ctx, QUERY_EXECUTION, query_id, body["claim"]).stop}


def finished(ctx: PrivateContext, body: dict[str, Any], query_id: str) -> dict[str, Any]:
    """End a query with its final state, statistics, and the metadata for GetQueryResults. Returns {State}."""
    if body["state"] not in _OUTCOMES:
        raise Invalid(f"a query cannot end as {body['state']}, only as {' or '.join(_OUTCOMES)}")
    with ctx.store.transaction():
        held = work.claimed_by(ctx, QUERY_EXECUTION, query_id, body["claim"])
        ending = work.Ending(body["state"], body.get("reason"))
        members = _members(held.document, body)
        state = work.finish(ctx, QUERY_EXECUTION, query_id, body["claim"], ending, members)
        if state == SUCCEEDED:
            held.documents.write(kinds.QUERY_RESULT, query_id, doc=body["result"])
    return {"State": state}


def _claim(ctx: PrivateContext, worker: str) -> dict[str, Any] | None:
    with ctx.store.transaction():
        taken = work.claim(ctx, [QUERY_EXECUTION], worker, [ENGINE])
        if taken is None:
            return None
        group = taken.document["WorkGroup"]
        return {
            "query": taken.document,
            "configuration": (taken.documents.read(kinds.WORK_GROUP, group) or {}).get("Configuration", {}),
            "prepared": _prepared(taken.documents, group),
            "catalogs": [name for (name,) in taken.documents.keys(kinds.DATA_CATALOG)],
            "account": taken.account,
            "region": taken.region,
            "claim": taken.claim["claim"],
        }


def _prepared(documents: Documents, group: str) -> dict[str, str]:
    statements = documents.scan(kinds.PREPARED_STATEMENT, group)
    return {statement["StatementName"]: statement["QueryStatement"] for _, statement in statements}


def _members(query: Document, body: dict[str, Any]) -> Document:
    error = {"AthenaError": body["error"]} if body.get("error") else {}
    members: Document = {
        "Status": {**query["Status"], **error},
        "Statistics": {**query["Statistics"], **body.get("statistics", {})},
    }
    if body.get("location"):
        members["ResultConfiguration"] = {**query["ResultConfiguration"], "OutputLocation": body["location"]}
    return members
