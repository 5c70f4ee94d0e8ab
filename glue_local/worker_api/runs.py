"""Handlers for workers that execute job runs: claim, started, heartbeat, finished."""

from typing import Any

from glue_local import runs, work
from glue_local.core.faults import Invalid
from glue_local.runs.states import FAILED, STOPPED, SUCCEEDED, TIMEOUT
from glue_local.store import Document, kinds
from glue_local.worker_api.context import PrivateContext
from glue_local.worker_api.executed_scripts import write_executed

_OUTCOMES = (SUCCEEDED, FAILED, TIMEOUT, STOPPED)


def claim(ctx: PrivateContext, body: dict[str, Any]) -> dict[str, Any] | None:
    """Claim the oldest queued run whose command is one of ``commands``; wait up to ``wait`` seconds for one.

    With ``run``, claim only that run. Returns {run, job, account, region, arguments, claim, run_token}, or None.
    """
    return work.long_poll(ctx.store, lambda: _claim(ctx, body), float(body.get("wait", 0)), ctx.connected)


def started(ctx: PrivateContext, body: dict[str, Any], run_id: str) -> dict[str, Any]:
    """The script is about to run: move the JobRun to RUNNING, unless it is STOPPING already. Returns {JobRunState}.

    ``hashes`` are the SHA-256 of the executed files by name; the script's name is ``""``.
    """
    with ctx.store.transaction():
        answer = work.begun(ctx, runs.JOB_RUN, run_id, body["claim"])
        held = work.claimed_by(ctx, runs.JOB_RUN, run_id, body["claim"])
        write_executed(held.documents, held.document, body.get("hashes", {}))
    return {"JobRunState": answer.state}


def heartbeat(ctx: PrivateContext, body: dict[str, Any], run_id: str) -> dict[str, Any]:
    """Keep a claim alive. Returns {JobRunState}; STOPPING means that the worker must stop the run.

    Raises Conflict if the claim is lost; the worker must then kill the processes of the run.
    """
    return {"JobRunState": work.heartbeat(ctx, runs.JOB_RUN, run_id, body["claim"]).state}


def finished(ctx: PrivateContext, body: dict[str, Any], run_id: str) -> dict[str, Any]:
    """End a run with its final state, and retry it if it failed and MaxRetries allows. Returns {JobRunState}."""
    if body["state"] not in _OUTCOMES:
        raise Invalid(f"a run cannot end as {body['state']}, only as {' or '.join(_OUTCOMES)}")
    ending = work.Ending(body["state"], body.get("error_message"))
    return {"JobRunState": runs.finish(ctx, run_id, body["claim"], ending, int(body.get("execution_time", 0)))}


def _claim(ctx: PrivateContext, body: dict[str, Any]) -> dict[str, Any] | None:
    with ctx.store.transaction():
        taken = work.claim(ctx, [runs.JOB_RUN], body["worker"], body["commands"], body.get("run"))
        if taken is None:
            return None
        # It exists: a run whose job was deleted is ended instead of claimed.
        job = taken.documents.read(kinds.JOB, taken.document["JobName"]) or {}
        return {
            "run": taken.document,
            "job": job,
            "account": taken.account,
            "region": taken.region,
            "arguments": _arguments(ctx, job, taken.document),
            "claim": taken.claim["claim"],
            "run_token": taken.claim["token"],
        }


def _arguments(ctx: PrivateContext, job: Document, run: Document) -> dict[str, str]:
    """Merge as AWS does: NonOverridableArguments over the run's Arguments over DefaultArguments."""
    identity = {"--JOB_NAME": job["Name"], "--JOB_ID": ctx.ids.job_id(), "--JOB_RUN_ID": run["Id"]}
    return {
        **job.get("DefaultArguments", {}),
        **run["Arguments"],
        **job.get("NonOverridableArguments", {}),
        # AWS passes none of them to Python shell jobs (boto/boto3 issue 3506): a script that relied on them would fail there.
        **({} if job["Command"]["Name"] == "pythonshell" else identity),
    }
