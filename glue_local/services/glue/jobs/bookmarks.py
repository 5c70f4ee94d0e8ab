"""Read and reset job bookmarks."""

from typing import Any

from glue_local.core.faults import Missing
from glue_local.services.context import Context
from glue_local.store import Document, kinds


def get_job_bookmark(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetJobBookmark: return {JobBookmarkEntry}; with ``RunId``, its state after that run. Errors: EntityNotFoundException."""
    bookmark = _bookmark(ctx, request["JobName"])
    if "RunId" not in request:
        return {"JobBookmarkEntry": bookmark["Entry"]}
    return {"JobBookmarkEntry": _left_by(bookmark, request["JobName"], request["RunId"])}


def reset_job_bookmark(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """ResetJobBookmark: reset the bookmark, with ``RunId`` to its state after that run. Returns {JobBookmarkEntry}.

    Errors: EntityNotFoundException if the job has no bookmark or that run saved none.
    """
    name = request["JobName"]
    with ctx.documents.transaction():
        bookmark = _bookmark(ctx, name)
        current = bookmark["Entry"]
        target = _left_by(bookmark, name, request["RunId"]) if "RunId" in request else {"JobBookmark": "{}"}
        entry = {**current, "Version": current["Version"] + 1, "JobBookmark": target["JobBookmark"]}
        if "RunId" not in request:
            entry["Run"] = 0
        ctx.documents.write(kinds.BOOKMARK, name, doc={**bookmark, "Entry": entry})
    return {"JobBookmarkEntry": entry}


def _bookmark(ctx: Context, name: str) -> Document:
    bookmark = ctx.documents.read(kinds.BOOKMARK, name)
    if bookmark is None:
        raise Missing(f"Continuation for job {name} not found")
    return bookmark


def _left_by(bookmark: Document, name: str, run_id: str) -> Document:
    for entry in bookmark["History"]:
        if entry["RunId"] == run_id:
            found: Document = entry
            return found
    raise Missing(f"Continuation for job {name} and run {run_id} not found")
