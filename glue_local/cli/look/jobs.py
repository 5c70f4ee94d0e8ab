"""``glue-local jobs`` and ``runs``: list jobs with their latest runs, and the runs of a job or of all jobs."""

from itertools import islice
from typing import Annotated, Any

import typer

from glue_local.cli.shared.endpoints import endpoint
from glue_local.cli.shared.listing import AsJson, show
from glue_local.cli.shared.options import EndpointUrl, Port
from glue_local.cli.shared.suggestions import jobs as names_of_jobs
from glue_local.cli.shared.suggestions import of_a_job
from glue_local.client.clients import local

app = typer.Typer(add_completion=False)


@app.command(name="jobs")
def list_jobs(as_json: AsJson = False, port: Port = None, endpoint_url: EndpointUrl = None) -> None:
    """List the jobs with their types and latest runs."""
    glue = local("glue", endpoint_url=endpoint(port, endpoint_url))
    found = [job for page in glue.get_paginator("get_jobs").paginate() for job in page["Jobs"]]
    rows = [_job(glue, job) for job in sorted(found, key=lambda job: str(job["Name"]))]
    columns = {"job": "Name", "type": "Type", "latest run": "State", "started": "StartedOn", "script": "ScriptLocation"}
    show(rows, columns, as_json, "no jobs: `glue-local init` makes a project, `glue-local provision` creates its jobs")


def _job(glue: Any, job: dict[str, Any]) -> dict[str, Any]:
    latest = glue.get_job_runs(JobName=job["Name"], MaxResults=1)["JobRuns"]
    run = latest[0] if latest else {}
    return {
        "Name": job["Name"],
        "Type": job["Command"]["Name"],
        "ScriptLocation": job["Command"].get("ScriptLocation"),
        "GlueVersion": job.get("GlueVersion"),
        "State": run.get("JobRunState"),
        "StartedOn": run.get("StartedOn"),
        "RunId": run.get("Id"),
    }


@app.command(name="runs")
def list_runs(
    job: Annotated[str | None, typer.Argument(help="Name of the job.", show_default="all jobs")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Number of latest runs.")] = 20,
    as_json: AsJson = False,
    port: Port = None,
    endpoint_url: EndpointUrl = None,
) -> None:
    """List the latest runs of a job, or of all jobs, with their outcomes."""
    glue = local("glue", endpoint_url=endpoint(port, endpoint_url))
    if job:
        with of_a_job(glue, job):
            found = _runs(glue, job, limit)
    else:
        found = [run for name in names_of_jobs(glue) for run in _runs(glue, name, limit)]
    rows = sorted(map(_run, found), key=lambda run: run["StartedOn"], reverse=True)[:limit]
    columns = {"run": "Short", "job": "JobName", "state": "State", "started": "StartedOn", "#s": "Seconds", "error": "Error"}  # fmt: skip
    shown = rows if as_json else [{**row, "Short": f"{row['Id'][:11]}…"} for row in rows]
    empty = f"{job} has not run yet: `glue-local run {job}`" if job else "no job has run yet: `glue-local run JOB`"
    show(shown, columns, as_json, empty)


def _runs(glue: Any, job: str, limit: int) -> list[dict[str, Any]]:
    pages = glue.get_paginator("get_job_runs").paginate(JobName=job, PaginationConfig={"MaxItems": limit})
    return list(islice((run for page in pages for run in page["JobRuns"]), limit))


def _run(run: dict[str, Any]) -> dict[str, Any]:
    return {
        "Id": run["Id"],
        "JobName": run["JobName"],
        "State": run["JobRunState"],
        "StartedOn": run["StartedOn"],
        "CompletedOn": run.get("CompletedOn"),
        "Seconds": run.get("ExecutionTime"),
        "Error": run.get("ErrorMessage"),
    }
