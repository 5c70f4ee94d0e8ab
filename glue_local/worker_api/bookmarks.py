"""Handlers for a run's job bookmark: read at its start, committed atomically."""

from typing import Any

from glue_local import runs, work
from glue_local.core.faults import Conflict, Denied
from glue_local.store import Document, kinds
from glue_local.worker_api.context import PrivateContext

_KEPT = 1000


def read(ctx: PrivateContext, body: dict[str, Any], run_id: str) -> dict[str, Any]:
    """Return {JobBookmarkEntry, From, To}: the job's current bookmark, and as the runs ``from`` and ``to`` left it, or None."""
    with ctx.store.transaction():
        held = _run_of_bearer(ctx, run_id)
        bookmark = held.documents.read(kinds.BOOKMARK, held.document["JobName"]) or {"Entry": None, "History": []}
        if "base" not in held.claim:
            base = bookmark["Entry"]["Version"] if bookmark["Entry"] else 0
            work.keep(held.documents, run_id, {**held.claim, "base": base})
    by_run = {entry["RunId"]: entry for entry in bookmark["History"]}
    return {
        "JobBookmarkEntry": bookmark["Entry"],
        "From": by_run.get(body.get("from", "")),
        "To": by_run.get(body.get("to", "")),
    }


def commit(ctx: PrivateContext, body: dict[str, Any], run_id: str) -> dict[str, Any]:
    """Store ``JobBookmark`` (a JSON text) as the job's bookmark. Returns {JobBookmarkEntry}.

    Raises Conflict if another run has committed since this run read the bookmark: files could be processed twice.
    """
    with ctx.store.transaction():
        held = _run_of_bearer(ctx, run_id)
        job = held.document["JobName"]
        bookmark = held.documents.read(kinds.BOOKMARK, job) or {"Entry": None, "History": []}
        current = bookmark["Entry"]
        version = current["Version"] if current else 0
        base = held.claim.get("base", version)
        if base != version:
            raise Conflict(
                f"the bookmark of {job} has changed since this run read it: it is at version {version}, not {base}"
            )
        entry = _next(job, current, run_id, body["JobBookmark"])
        history = [*bookmark["History"], entry][-_KEPT:]
        held.documents.write(kinds.BOOKMARK, job, doc={"Entry": entry, "History": history})
        work.keep(held.documents, run_id, {**held.claim, "base": entry["Version"]})
    return {"JobBookmarkEntry": entry}


def _next(job: str, current: Document | None, run_id: str, state: str) -> Document:
    # As in AWS's responses: the first commit has version 2 and run 2, later ones add 2 and 1.
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


def _run_of_bearer(ctx: PrivateContext, run_id: str) -> work.Claimed:
    held = work.claimed_for(ctx, runs.JOB_RUN, run_id, ctx.bearer)
    if held is None:
        raise Denied(f"this is not the token of run {run_id}, or the run has ended")
    return held
