"""The files that runs executed: a promotion requires a local run of each script."""

from typing import Any

from glue_local.store import Document, Documents, kinds
from glue_local.worker_api.context import PrivateContext


def write_executed(documents: Documents, run: Document, hashes: dict[str, str]) -> None:
    """Record the SHA-256 of the files that a run is about to execute, by name; the script's name is ``""``."""
    files = {name: sha256 for name, sha256 in hashes.items() if name}
    if hashes.get(""):
        documents.write(kinds.EXECUTED, hashes[""], run["Id"], doc={"JobName": run["JobName"], "Files": files})


def runs_of(ctx: PrivateContext, body: dict[str, Any], sha256: str) -> dict[str, Any]:
    """Return {Runs: [{JobName, RunId, CompletedOn, Files}]}: the SUCCEEDED runs of a script, latest first.

    It covers all accounts and regions, since the same bytes behave the same in each.
    """
    found = []
    for account, region, key, held in ctx.store.everywhere(kinds.EXECUTED):
        if key[0] != sha256:
            continue
        run = ctx.store.scope(account, region).read(kinds.JOB_RUN, held["JobName"], key[1])
        if run is not None and run["JobRunState"] == "SUCCEEDED":
            found.append({**held, "RunId": key[1], "CompletedOn": run["CompletedOn"]})
    return {"Runs": sorted(found, key=lambda run: float(run["CompletedOn"]), reverse=True)}
