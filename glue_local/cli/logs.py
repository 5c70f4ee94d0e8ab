"""``glue-local logs``: what a job run printed, and with -f what it prints."""

from typing import Annotated, Any

import typer
from rich.console import Console

from glue_local.cli.following import show, to_its_end
from glue_local.cli.options import EndpointUrl, Port
from glue_local.cli.refusal import Refusal
from glue_local.clients import endpoint, local
from glue_local.executions import Tail, job_of

app = typer.Typer()


@app.command()
def logs(
    run: Annotated[str, typer.Argument(metavar="RUN|JOB", help="A run's id (jr_…), or a job's name: its latest run.")],
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the run has ended.")] = False,
    port: Port = None,
    endpoint_url: EndpointUrl = None,
) -> None:
    """Show the output and error streams of a job run."""
    url = endpoint(port, endpoint_url)
    glue, console = local("glue", endpoint_url=url), Console(highlight=False)
    job, run_id = _the_run(glue, run)
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


def _the_run(glue: Any, name: str) -> tuple[str, str]:
    if name.startswith("jr_"):
        job = job_of(glue, name)
        if job is None:
            raise Refusal(f"no job has a run {name}: `glue-local logs JOB` shows a job's latest")
        return job, name
    runs = glue.get_job_runs(JobName=name, MaxResults=1)["JobRuns"]
    if not runs:
        raise Refusal(f"{name} has not run yet: `glue-local run {name}` runs it")
    return name, runs[0]["Id"]
