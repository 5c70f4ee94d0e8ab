"""``glue-local logs``: show the output of a job run, and follow it with -f."""

from typing import Annotated, Any

import typer
from rich.console import Console

from glue_local.cli.shared.endpoints import endpoint
from glue_local.cli.shared.error_messages import CommandError
from glue_local.cli.shared.options import EndpointUrl, Port
from glue_local.cli.shared.suggestions import of_a_job
from glue_local.cli.shared.tail import show, to_its_end
from glue_local.client.clients import local
from glue_local.client.executions import Tail, job_of

app = typer.Typer(add_completion=False)


@app.command("logs")
def logs(
    run: Annotated[
        str, typer.Argument(metavar="RUN|JOB", help="Id of a run (jr_…), or name of a job for its latest run.")
    ],
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Follow the output until the run ends.")] = False,
    port: Port = None,
    endpoint_url: EndpointUrl = None,
) -> None:
    """Show the output and error streams of a job run."""
    url = endpoint(port, endpoint_url)
    glue, console = local("glue", endpoint_url=url), Console(highlight=False, emoji=False)
    job, run_id = _find_run(glue, run)
    tail = Tail(local("logs", endpoint_url=url), run_id)
    if not follow:
        for line in tail.lines():
            show(console, line)
        return
    try:
        state = to_its_end(glue, tail, job, run_id, console)["JobRunState"]
    except KeyboardInterrupt:
        return
    console.print(f"{job}: {state}", style="dim")


def _find_run(glue: Any, name: str) -> tuple[str, str]:
    if name.startswith("jr_"):
        job = job_of(glue, name)
        if job is None:
            raise CommandError(f"no job has a run {name}: `glue-local logs JOB` shows a job's latest run")
        return job, name
    with of_a_job(glue, name):
        runs = glue.get_job_runs(JobName=name, MaxResults=1)["JobRuns"]
    if not runs:
        raise CommandError(f"{name} has not run yet: run it with `glue-local run {name}`")
    return name, runs[0]["Id"]
