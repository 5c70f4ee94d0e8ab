"""``glue-local bookmark``: show or reset what a job remembers of its sources."""

import json
from typing import Annotated, Any

import typer
from botocore.exceptions import ClientError

from glue_local.cli.shared.endpoints import endpoint
from glue_local.cli.shared.error_messages import CommandError
from glue_local.cli.shared.listing import AsJson, plain
from glue_local.cli.shared.options import EndpointUrl, Port
from glue_local.cli.shared.suggestions import of_a_job
from glue_local.client.clients import local

app = typer.Typer(help="Show or reset a job's bookmark.", no_args_is_help=True, add_completion=False)

Job = Annotated[str, typer.Argument(metavar="JOB", help="Name of the job.")]
Run = Annotated[str | None, typer.Option("--run", metavar="RUN", help="The state that this run left (jr_…).")]


@app.command(name="show")
def show_bookmark(
    job: Job, run: Run = None, as_json: AsJson = False, port: Port = None, endpoint_url: EndpointUrl = None
) -> None:
    """Show a job's bookmark: the state of each source, by its transformation_ctx."""
    glue = local("glue", endpoint_url=endpoint(port, endpoint_url))
    entry = _entry(glue, job, lambda asked: glue.get_job_bookmark(**asked)["JobBookmarkEntry"], run)
    _print(entry, as_json)


@app.command(name="reset")
def reset_bookmark(
    job: Job, run: Run = None, as_json: AsJson = False, port: Port = None, endpoint_url: EndpointUrl = None
) -> None:
    """Reset a job's bookmark, so that its next run reads everything, or everything since --run."""
    glue = local("glue", endpoint_url=endpoint(port, endpoint_url))
    entry = _entry(glue, job, lambda asked: glue.reset_job_bookmark(**asked)["JobBookmarkEntry"], run)
    if as_json:
        _print(entry, as_json)
        return
    print(f"{job}: the next run reads {f'what came after run {run}' if run else 'everything'}")


def _entry(glue: Any, job: str, ask: Any, run: str | None) -> dict[str, Any]:
    with of_a_job(glue, job):
        glue.get_job(JobName=job)
    try:
        entry: dict[str, Any] = ask({"JobName": job, **({"RunId": run} if run else {})})
    except ClientError as error:
        if error.response["Error"]["Code"] != "EntityNotFoundException":
            raise
        if run:
            raise CommandError(f"run {run} left no bookmark of {job}: `glue-local runs {job} --json` lists its runs") from None  # fmt: skip
        raise CommandError(
            f"{job} has no bookmark yet: its runs keep one with --job-bookmark-option job-bookmark-enable, "
            "a transformation_ctx for each source, and job.commit()"
        ) from None
    return entry


def _print(entry: dict[str, Any], as_json: bool) -> None:
    document = {**entry, "JobBookmark": json.loads(entry.get("JobBookmark") or "{}")}
    if as_json:
        print(json.dumps(document, indent=2, default=plain))
        return
    print(f"{entry['JobName']}: version {entry.get('Version')}, run {entry.get('Run')}, attempt {entry.get('Attempt')}")
    print(json.dumps(document["JobBookmark"], indent=2, default=plain))
