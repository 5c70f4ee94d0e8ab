"""Runs as workers see them: claimed, begun, kept alive, finished; and ended for a worker that is gone."""

import time
from typing import Any

from glue_local.core.faults import Conflict, Invalid
from glue_local.private.context import PrivateContext
from glue_local.private.executed import write_executed
from glue_local.store import Document, Documents, kinds
from glue_local.store.job_runs import ACTIVE, release_waiting, write_run

_OUTCOMES = ("SUCCEEDED", "FAILED", "TIMEOUT", "STOPPED")
_LONGEST_WAIT = 30.0
# AWS gives no limit of ErrorMessage. With this one a JobRun fits into the Cause of a Step Functions failure (32 768
# characters, six for what JSON escapes), which a machine's States.StringToJson can then read.
_LONGEST_MESSAGE = 4096
_CUT = " … (cut here: the error log has all of it)"


def claim(ctx: PrivateContext, body: dict[str, Any]) -> dict[str, Any] | None:
    """Give the caller the oldest queued run whose command it offers to execute; wait up to ``wait`` seconds for one.

    With ``run``, that run and no other. Returns {run, job, account, region, arguments, claim, run_token}, or None when there was nothing to do.
    """
    end = time.monotonic() + min(float(body.get("wait", 0)), _LONGEST_WAIT)
    # A worker that died while it waited would take a run with it into its grave.
    while ctx.connected():
        taken = _claim_oldest(ctx, body["worker"], set(body["commands"]), body.get("run"))
        remaining = end - time.monotonic()
        if taken or remaining <= 0:
            return taken
        # Short, because a mark can be set between the look above and this wait.
        ctx.store.await_mark(min(remaining, 0.5))
    return None


def started(ctx: PrivateContext, body: dict[str, Any], run_id: str) -> dict[str, Any]:
    """Note that the script is about to run: the JobRun is RUNNING, unless it is to be stopped already.

    ``hashes`` are the SHA-256 of the files it executes by name, the script's own under ``""``.
    """
    with ctx.store.transaction():
        documents, _, run = _claimed(ctx, run_id, body["claim"])
        write_executed(documents, run, body.get("hashes", {}))
        if run["JobRunState"] == "STARTING":
            run["JobRunState"] = "RUNNING"
        write_run(documents, run, ctx.now)
    return {"JobRunState": run["JobRunState"]}


def heartbeat(ctx: PrivateContext, body: dict[str, Any], run_id: str) -> dict[str, Any]:
    """Keep a claim alive; returns {JobRunState}, which is STOPPING when the run is to be stopped.

    Raises Conflict when the claim is not the caller's any more: then the run's processes have to go.
    """
    with ctx.store.transaction():
        documents, held, run = _claimed(ctx, run_id, body["claim"])
        documents.write(kinds.CLAIM, run_id, doc={**held, "heartbeat": ctx.now}, mark="held")
    return {"JobRunState": run["JobRunState"]}


def finished(ctx: PrivateContext, body: dict[str, Any], run_id: str) -> dict[str, Any]:
    """Write how a run ended, and the next attempt where it failed and MaxRetries allows one."""
    if body["state"] not in _OUTCOMES:
        raise Invalid(f"a run cannot finish {body['state']}; it can finish {', '.join(_OUTCOMES)}")
    with ctx.store.transaction():
        documents, _, run = _claimed(ctx, run_id, body["claim"])
        run["ExecutionTime"] = int(body.get("execution_time", 0))
        if run.get("ExecutionClass") == "FLEX" or run["Arguments"].get("--enable-auto-scaling") == "true":
            # AWS gives this member for these runs only: the time of executors times the DPUs of their workers.
            run["DPUSeconds"] = float(run["ExecutionTime"] * run["MaxCapacity"])
        _finish(ctx, documents, run, body["state"], body.get("error_message"))
    return {"JobRunState": run["JobRunState"]}


def expire_claims(ctx: PrivateContext, heartbeat_timeout: float) -> int:
    """End the runs of workers that have not beaten for ``heartbeat_timeout`` seconds; return how many.

    Those that had not begun go back into the queue instead.
    """
    reason = f"The worker that ran this job has not responded for {heartbeat_timeout:g} seconds."
    return _end_claims(ctx, lambda held: ctx.now - held["heartbeat"] > heartbeat_timeout, reason)


def end_claims_of(ctx: PrivateContext, worker: str, reason: str) -> int:
    """End the runs of a worker, and of those that are parts of it (named ``<worker>-…``); return how many."""
    # The dash, for worker 1 is not worker 10.
    return _end_claims(ctx, lambda held: f"{held['worker']}-".startswith(f"{worker}-"), reason)


def _end_claims(ctx: PrivateContext, lost: Any, reason: str) -> int:
    ended = 0
    with ctx.store.transaction():
        for account, region, (run_id,), held in ctx.store.marked(kinds.CLAIM, "held"):
            if not lost(held):
                continue
            documents = ctx.store.scope(account, region)
            run = documents.read(kinds.JOB_RUN, held["job"], run_id)
            # A run that had not begun loses nothing by being claimed again.
            if run is None or run["JobRunState"] not in ACTIVE or run["JobRunState"] == "STARTING":
                documents.remove(kinds.CLAIM, run_id)
                continue
            stopping = run["JobRunState"] == "STOPPING"
            run["ExecutionTime"] = int(held["heartbeat"] - held["claimed"])
            _finish(ctx, documents, run, "STOPPED" if stopping else "FAILED", None if stopping else reason)
            ended += 1
    return ended


def _claim_oldest(ctx: PrivateContext, worker: str, commands: set[str], only: str | None) -> dict[str, Any] | None:
    with ctx.store.transaction():
        queued = ctx.store.marked(kinds.JOB_RUN, "STARTING")
        for account, region, (job_name, run_id), run in sorted(queued, key=lambda found: found[3]["StartedOn"]):
            documents = ctx.store.scope(account, region)
            if documents.read(kinds.CLAIM, run_id) or run_id != (only or run_id):
                continue
            job = documents.read(kinds.JOB, job_name)
            if job is None:
                _finish(ctx, documents, run, "FAILED", f"The job {job_name} was deleted before the run began.")
            elif job["Command"]["Name"] in commands:
                return _take(ctx, documents, job, run, worker) | {"account": account, "region": region}
    return None


def _take(ctx: PrivateContext, documents: Documents, job: Document, run: Document, worker: str) -> dict[str, Any]:
    held = {
        "claim": ctx.ids.token(),
        "run_token": ctx.ids.token(),
        "worker": worker,
        "job": job["Name"],
        "claimed": ctx.now,
        "heartbeat": ctx.now,
    }
    documents.write(kinds.CLAIM, run["Id"], doc=held, mark="held")
    return {
        "run": run,
        "job": job,
        "arguments": _arguments(ctx, job, run),
        "claim": held["claim"],
        "run_token": held["run_token"],
    }


def _arguments(ctx: PrivateContext, job: Document, run: Document) -> dict[str, str]:
    """Merge as AWS does: what the job fixes over what the run says over what the job proposes."""
    identity = {"--JOB_NAME": job["Name"], "--JOB_ID": ctx.ids.job_id(), "--JOB_RUN_ID": run["Id"]}
    return {
        **job.get("DefaultArguments", {}),
        **run["Arguments"],
        **job.get("NonOverridableArguments", {}),
        # AWS tells a Python shell job's script none of them (boto/boto3 issue 3506): one that relied on it would fail there.
        **({} if job["Command"]["Name"] == "pythonshell" else identity),
    }


def _claimed(ctx: PrivateContext, run_id: str, claim_id: str) -> tuple[Documents, Document, Document]:
    for account, region, (claimed_run,), held in ctx.store.marked(kinds.CLAIM, "held"):
        if claimed_run == run_id and held["claim"] == claim_id:
            documents = ctx.store.scope(account, region)
            run = documents.read(kinds.JOB_RUN, held["job"], run_id)
            if run is not None:
                return documents, held, run
    raise Conflict(f"the claim on run {run_id} is not valid any more")


def _finish(ctx: PrivateContext, documents: Documents, run: Document, state: str, message: str | None) -> None:
    run |= {"JobRunState": state, "CompletedOn": ctx.now}
    if message:
        run["ErrorMessage"] = _bounded(message)
    write_run(documents, run, ctx.now)
    documents.remove(kinds.CLAIM, run["Id"])
    if state == "FAILED":
        _retry(ctx, documents, run)
    release_waiting(documents, run["JobName"], ctx.now)


def _bounded(message: str) -> str:
    return message if len(message) <= _LONGEST_MESSAGE else message[: _LONGEST_MESSAGE - len(_CUT)] + _CUT


def _retry(ctx: PrivateContext, documents: Documents, run: Document) -> None:
    job = documents.read(kinds.JOB, run["JobName"])
    if job is None or run["Attempt"] >= job["MaxRetries"]:
        return
    attempt = run["Attempt"] + 1
    kept = {member: run[member] for member in run if member not in ("CompletedOn", "ErrorMessage", "DPUSeconds")}
    first_id = run["Id"].partition("_attempt_")[0]
    again = {
        **kept,
        "Id": f"{first_id}_attempt_{attempt}",
        "Attempt": attempt,
        "PreviousRunId": run["Id"],
        "StartedOn": ctx.now,
        "ExecutionTime": 0,
        "JobRunState": "STARTING",
    }
    write_run(documents, again, ctx.now)
