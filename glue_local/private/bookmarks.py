"""A run's bookmark: read when it begins, committed by it as a whole or not at all."""

import hmac
from typing import Any

from glue_local.core.faults import Conflict, Denied
from glue_local.private.context import PrivateContext
from glue_local.store import Document, Documents, kinds

_KEPT = 1000


def read(ctx: PrivateContext, body: dict[str, Any], run_id: str) -> dict[str, Any]:
    """Return {JobBookmarkEntry, From, To}: the job's bookmark as it stands, and as the runs named in ``from`` and
    ``to`` left it; None where there is none."""
    with ctx.store.transaction():
        documents, claim = _run_of_bearer(ctx, run_id)
        bookmark = documents.read(kinds.BOOKMARK, claim["job"]) or {"Entry": None, "History": []}
        if "base" not in claim:
            base = bookmark["Entry"]["Version"] if bookmark["Entry"] else 0
            documents.write(kinds.CLAIM, run_id, doc={**claim, "base": base}, mark="held")
    by_run = {entry["RunId"]: entry for entry in bookmark["History"]}
    return {
        "JobBookmarkEntry": bookmark["Entry"],
        "From": by_run.get(body.get("from", "")),
        "To": by_run.get(body.get("to", "")),
    }


def commit(ctx: PrivateContext, body: dict[str, Any], run_id: str) -> dict[str, Any]:
    """Make ``JobBookmark`` (a JSON text) the job's bookmark. Returns {JobBookmarkEntry}.

    Raises Conflict when another run committed since this one read it: its files could otherwise be read twice.
    """
    with ctx.store.transaction():
        documents, claim = _run_of_bearer(ctx, run_id)
        bookmark = documents.read(kinds.BOOKMARK, claim["job"]) or {"Entry": None, "History": []}
        current = bookmark["Entry"]
        version = current["Version"] if current else 0
        if claim.get("base", version) != version:
            raise Conflict(
                f"the bookmark of {claim['job']} is at version {version}, not at {claim['base']} as it was read"
            )
        entry = _next(claim["job"], current, run_id, body["JobBookmark"])
        history = [*bookmark["History"], entry][-_KEPT:]
        documents.write(kinds.BOOKMARK, claim["job"], doc={"Entry": entry, "History": history})
        documents.write(kinds.CLAIM, run_id, doc={**claim, "base": entry["Version"]}, mark="held")
    return {"JobBookmarkEntry": entry}


def _next(job: str, current: Document | None, run_id: str, state: str) -> Document:
    # As in real answers: the first commit makes version 2 and run 2, each further one adds 2 and 1.
    before = current or {"Version": 0, "Run": 1, "RunId": None}
    again = before["RunId"] == run_id
    entry = {
        "JobName": job,
        "Version": before["Version"] + 2,
        "Run": before["Run"] if again else before["Run"] + 1,
        "Attempt": 0,
        "PreviousRunId": before.get("PreviousRunId") if again else before["RunId"],
        "RunId": run_id,
        "JobBookmark": state,
    }
    return {member: value for member, value in entry.items() if value is not None}


def _run_of_bearer(ctx: PrivateContext, run_id: str) -> tuple[Documents, Document]:
    for account, region, (claimed,), claim in ctx.store.marked(kinds.CLAIM, "held"):
        if claimed == run_id and hmac.compare_digest(claim["run_token"].encode(), ctx.bearer.encode()):
            return ctx.store.scope(account, region), claim
    raise Denied(f"this token is not that of the run {run_id}, or the run is over")
