"""Job runs: asked for and looked at here, executed by a worker elsewhere."""

from typing import Any

from glue_local.core.faults import ConcurrentRunsExceeded, Missing
from glue_local.services.context import Context
from glue_local.services.glue.capacity import capacity, check_execution_class, check_timeout
from glue_local.services.glue.limits import check_arguments
from glue_local.store import Document, kinds
from glue_local.store.job_runs import ACTIVE, WAITING, free_places, release_waiting, write_run
from glue_local.wire.paging import page

_PAGE = 200
_CAPACITY = ("WorkerType", "NumberOfWorkers", "MaxCapacity", "AllocatedCapacity")
_FROM_JOB = ("GlueVersion", "ExecutionClass", "Timeout", "NotificationProperty", "SecurityConfiguration", "JobMode")
_FROM_REQUEST = ("Timeout", "NotificationProperty", "SecurityConfiguration", "ExecutionClass")


def start_job_run(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """StartJobRun: write a JobRun that a worker will claim. Returns {JobRunId}.

    With ``JobRunId`` the arguments and capacity are those of that earlier run. Errors: EntityNotFoundException,
    ConcurrentRunsExceededException (unless queuing is on: then the run is WAITING), InvalidInputException.
    """
    name = request["JobName"]
    check_timeout(request)
    check_arguments(request)
    with ctx.documents.transaction():
        job = ctx.documents.read(kinds.JOB, name)
        if job is None:
            raise Missing(f"Failed to start job run due to missing metadata for job: {name}")
        previous = _run(ctx, name, request["JobRunId"]) if "JobRunId" in request else {}
        run = _new_run(ctx, job, previous, request)
        run["JobRunState"] = _first_state(ctx, job, run)
        if run["JobRunState"] == WAITING:
            # AWS says why a queued run waits, and names this reason so; its text here is not known.
            # https://docs.aws.amazon.com/glue/latest/dg/job-run-statuses.html
            most = job["ExecutionProperty"]["MaxConcurrentRuns"]
            run["StateDetail"] = f"Max concurrent job runs per job exceeded: {name} has MaxConcurrentRuns {most}"
        ctx.documents.write(kinds.JOB_RUN, name, run["Id"], doc=run, mark=run["JobRunState"])
    return {"JobRunId": run["Id"]}


def get_job_run(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetJobRun: return {JobRun}. Errors: EntityNotFoundException. ``PredecessorsIncluded`` adds nothing: no triggers yet."""
    return {"JobRun": _run(ctx, request["JobName"], request["RunId"])}


def get_job_runs(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetJobRuns: return a page of {JobRuns, NextToken}, the latest first. Errors: EntityNotFoundException."""
    name = request["JobName"]
    runs = [run for _, run in ctx.documents.scan(kinds.JOB_RUN, name)]
    if not runs and ctx.documents.read(kinds.JOB, name) is None:
        raise Missing(f"Job {name} not found.")
    runs.sort(key=_latest_first)
    found, token = page(runs, request, _PAGE, listing=("GetJobRuns", name), key=_latest_first)
    return {"JobRuns": found, "NextToken": token}


def batch_stop_job_run(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchStopJobRun: mark runs STOPPING; their worker stops them. A run that nobody has begun is STOPPED at once.

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


def _latest_first(run: Document) -> tuple[float, int, str]:
    return (-run["StartedOn"], -run["Attempt"], run["Id"])


def _stop(ctx: Context, name: str, run_id: str) -> Document | None:
    with ctx.documents.transaction():
        run = ctx.documents.read(kinds.JOB_RUN, name, run_id)
        if run is None:
            return {"ErrorCode": "EntityNotFoundException", "ErrorMessage": f"JobRun {run_id} not found."}
        if run["JobRunState"] not in (*ACTIVE, WAITING):
            return {
                "ErrorCode": "JobRunNotInTerminalStateException",
                "ErrorMessage": f"Job Run {run_id} is in {run['JobRunState']} state and cannot be stopped.",
            }
        claimed = ctx.documents.read(kinds.CLAIM, run_id) is not None
        run["JobRunState"] = "STOPPING" if claimed else "STOPPED"
        if not claimed:
            run["CompletedOn"] = ctx.now
        write_run(ctx.documents, run, ctx.now)
        release_waiting(ctx.documents, name, ctx.now)
    return None


def _run(ctx: Context, name: str, run_id: str) -> Document:
    run = ctx.documents.read(kinds.JOB_RUN, name, run_id)
    if run is None:
        raise Missing(f"JobRun {run_id} not found for Job {name}.")
    return run


def _new_run(ctx: Context, job: Document, previous: Document, request: dict[str, Any]) -> Document:
    command = job["Command"]["Name"]
    source = {**job, **{member: previous[member] for member in _CAPACITY if member in previous}}
    wanted = {member: request[member] for member in _CAPACITY if member in request}
    run = {
        "Id": ctx.ids.run_id(),
        "Attempt": 0,
        "JobName": job["Name"],
        "StartedOn": ctx.now,
        "LastModifiedOn": ctx.now,
        "Arguments": {**previous.get("Arguments", {}), **request.get("Arguments", {})},
        "PredecessorRuns": [],
        "ExecutionTime": 0,
        "LogGroupName": "/aws-glue/python-jobs" if command == "pythonshell" else "/aws-glue/jobs",
        **{member: job[member] for member in _FROM_JOB if member in job},
        **{member: previous[member] for member in _FROM_REQUEST if member in previous},
        **{member: request[member] for member in _FROM_REQUEST if member in request},
        **(capacity(command, wanted) if wanted else {m: source[m] for m in _CAPACITY if m in source}),
    }
    check_execution_class(command, run)
    if "JobRunQueuingEnabled" in job or "JobRunQueuingEnabled" in request:
        run["JobRunQueuingEnabled"] = request.get("JobRunQueuingEnabled", job.get("JobRunQueuingEnabled"))
    if previous:
        run["PreviousRunId"] = previous["Id"]
    return run


def _first_state(ctx: Context, job: Document, run: Document) -> str:
    if free_places(ctx.documents, job):
        return "STARTING"
    if run.get("JobRunQueuingEnabled"):
        return WAITING
    raise ConcurrentRunsExceeded(f"Concurrent runs exceeded for {job['Name']}")
