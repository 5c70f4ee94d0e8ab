"""Look up jobs and job runs."""

from glue_local.core.faults import Missing
from glue_local.services.context import Context
from glue_local.store import Document, kinds


def find_job(ctx: Context, name: str, otherwise: str = "Entity not found") -> Document:
    """Return a job's definition; raises Missing, with AWS's message for the operation."""
    job = ctx.documents.read(kinds.JOB, name)
    if job is None:
        raise Missing(otherwise)
    return job


def find_run(ctx: Context, name: str, run_id: str) -> Document:
    """Return a run of a job; raises Missing."""
    run = ctx.documents.read(kinds.JOB_RUN, name, run_id)
    if run is None:
        raise Missing(f"JobRun {run_id} not found for Job {name}.")
    return run
