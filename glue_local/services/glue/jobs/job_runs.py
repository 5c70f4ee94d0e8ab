"""Job runs: started, read and stopped here; a worker executes them."""

from typing import Any

from glue_local import runs
from glue_local.runs.capacity import check_timeout
from glue_local.runs.new_run import new_run
from glue_local.runs.states import STATES
from glue_local.runs.usage_profiles import check_run
from glue_local.services.context import Context
from glue_local.services.glue.jobs.callers_profile import callers_profile
from glue_local.services.glue.jobs.limits import check_arguments
from glue_local.services.glue.jobs.lookup import find_job, find_run
from glue_local.services.paging import page_of_latest
from glue_local.store import Document, kinds

_PAGE = 200


def start_job_run(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """StartJobRun: write a JobRun that a worker will claim. Returns {JobRunId}.

    With ``JobRunId``, reuses the arguments and capacity of that earlier run. Errors: EntityNotFoundException,
    ConcurrentRunsExceededException (with queuing on, the run is WAITING instead), InvalidInputException.
    """
    name = request["JobName"]
    check_timeout(request)
    check_arguments(request)
    profile = callers_profile(ctx)
    with ctx.documents.transaction():
        job = find_job(ctx, name, f"Failed to start job run due to missing metadata for job: {name}")
        previous = find_run(ctx, name, request["JobRunId"]) if "JobRunId" in request else None
        run = new_run(ctx, job, request, previous)
        # AWS applies the job's own profile only if there is no direct caller: to triggers and workflows.
        check_run(ctx.documents, run, profile["Name"] if profile else None)
        runs.start(ctx, ctx.documents, job, run)
    return {"JobRunId": run["Id"]}


def get_job_run(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetJobRun: return {JobRun}, its PredecessorRuns only with ``PredecessorsIncluded``. Errors: EntityNotFoundException."""
    run = find_run(ctx, request["JobName"], request["RunId"])
    return {"JobRun": run if request.get("PredecessorsIncluded") else _without_predecessors(run)}


def get_job_runs(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetJobRuns: return a page of {JobRuns, NextToken}, the latest first. Errors: EntityNotFoundException."""
    name = request["JobName"]
    found, token = page_of_latest(ctx.documents, kinds.JOB_RUN, name, request, _PAGE, id_member="Id")
    if not found:
        find_job(ctx, name, f"Job {name} not found.")
    return {"JobRuns": [_without_predecessors(run) for run in found], "NextToken": token}


def batch_stop_job_run(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchStopJobRun: mark runs STOPPING; their worker stops them. An unclaimed run is STOPPED immediately.

    Returns {SuccessfulSubmissions, Errors}.
    """
    name = request["JobName"]
    submitted, errors = [], []
    for run_id in request["JobRunIds"]:
        error = _stop(ctx, name, run_id)
        if error is None:
            submitted.append({"JobName": name, "JobRunId": run_id})
        else:
            errors.append({"JobName": name, "JobRunId": run_id, "ErrorDetail": error})
    return {"SuccessfulSubmissions": submitted, "Errors": errors}


def _without_predecessors(run: Document) -> Document:
    return {**run, "PredecessorRuns": []}


def _stop(ctx: Context, name: str, run_id: str) -> Document | None:
    with ctx.documents.transaction():
        run = ctx.documents.read(kinds.JOB_RUN, name, run_id)
        if run is None:
            return {"ErrorCode": "EntityNotFoundException", "ErrorMessage": f"JobRun {run_id} not found."}
        if STATES.is_final(run["JobRunState"]):
            return {
                "ErrorCode": "JobRunNotInTerminalStateException",
                "ErrorMessage": f"Job Run {run_id} is in {run['JobRunState']} state and cannot be stopped.",
            }
        runs.stop(ctx, ctx.documents, run)
    return None
