"""Create a JobRun from a job's definition and the members of StartJobRun or of a trigger's action."""

from typing import Any

from glue_local.runs.capacity import CAPACITY, capacity, check_execution_class
from glue_local.store import Document
from glue_local.work import Context

_FROM_JOB = ("GlueVersion", "ExecutionClass", "Timeout", "NotificationProperty", "SecurityConfiguration", "JobMode")
_FROM_REQUEST = ("Timeout", "NotificationProperty", "SecurityConfiguration", "ExecutionClass")


def new_run(ctx: Context, job: Document, wanted: dict[str, Any], previous: Document | None = None) -> Document:
    """Return a JobRun that is not stored yet. ``wanted`` overrides ``previous``, which overrides the job's definition.

    ``wanted`` has members of StartJobRun; ``previous`` is the run to repeat. Raises Invalid for capacities that
    AWS refuses.
    """
    command = job["Command"]["Name"]
    previous = previous or {}
    source = {**job, **{member: previous[member] for member in CAPACITY if member in previous}}
    asked = {member: wanted[member] for member in CAPACITY if member in wanted}
    run = {
        **bare_run(ctx, job["Name"], {**previous.get("Arguments", {}), **wanted.get("Arguments", {})}),
        "LogGroupName": "/aws-glue/python-jobs" if command == "pythonshell" else "/aws-glue/jobs",
        **{member: job[member] for member in _FROM_JOB if member in job},
        **{member: previous[member] for member in _FROM_REQUEST if member in previous},
        **{member: wanted[member] for member in _FROM_REQUEST if member in wanted},
        **(capacity(command, asked) if asked else {m: source[m] for m in CAPACITY if m in source}),
    }
    check_execution_class(command, run)
    if "JobRunQueuingEnabled" in job or "JobRunQueuingEnabled" in wanted:
        run["JobRunQueuingEnabled"] = wanted.get("JobRunQueuingEnabled", job.get("JobRunQueuingEnabled"))
    if previous:
        run["PreviousRunId"] = previous["Id"]
    return run


def bare_run(ctx: Context, job_name: str, arguments: dict[str, str]) -> Document:
    """Return the members that every JobRun has, even if its job was deleted."""
    return {
        "Id": ctx.ids.run_id(),
        "Attempt": 0,
        "JobName": job_name,
        "StartedOn": ctx.now,
        "LastModifiedOn": ctx.now,
        "Arguments": arguments,
        "PredecessorRuns": [],
        "ExecutionTime": 0,
    }
