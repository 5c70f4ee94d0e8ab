"""``glue-local run``: start a Glue job, follow its run, and exit with its outcome."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from glue_local.cli.project.up_to_date import Target, bring_up_to_date, files_of
from glue_local.cli.project.watching import run_on_saving
from glue_local.cli.shared.endpoints import endpoint
from glue_local.cli.shared.error_messages import CommandError
from glue_local.cli.shared.options import EndpointUrl, Port
from glue_local.cli.shared.suggestions import of_a_job
from glue_local.cli.shared.tail import to_its_end
from glue_local.client.clients import local
from glue_local.client.executions import Tail
from glue_local.costs import dollars
from glue_local.costs.job_runs import run_cost

INTERRUPTED = 130
DEBUG_PORT = 5678  # the default of debugpy's clients

app = typer.Typer(add_completion=False)


@app.command()
def run(
    job: Annotated[str, typer.Argument(metavar="JOB|SCRIPT", help="Name of a job, or the path of its script (jobs/x.py).")],
    argument: Annotated[list[str] | None, typer.Option("--argument", "-a", metavar="KEY=VALUE", help="An argument of the run; leading dashes are optional.")] = None,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Run again whenever the script or its definition is saved.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Wait for a debugger (debugpy) before the script's first line.")] = False,
    debug_port: Annotated[int, typer.Option(help="Port on 127.0.0.1 for the debugger.")] = DEBUG_PORT,
    file: Annotated[Path, typer.Option("--file", "-f", help="Definitions file.")] = Path("glue-local.yaml"),
    port: Port = None,
    endpoint_url: EndpointUrl = None,
) -> None:  # fmt: skip
    """Run a Glue job and follow its output. Exits with 0 if it SUCCEEDED. Ctrl-C stops the run.

    Scripts that differ from the uploaded ones are uploaded first. A SCRIPT runs with its definition in glue-local.yaml, or
    in the .yaml file beside it, or else with defaults.
    """
    arguments = arguments_of(argument or [])
    if debug:
        arguments["--glue-local-debug-port"] = str(debug_port)
    url, target, console = endpoint(port, endpoint_url), Target(job, file), Console(highlight=False, emoji=False)
    if watch:
        run_on_saving(
            lambda: files_of(target, url), lambda: _run_once(target, url, arguments, console), INTERRUPTED, console
        )
    else:
        _run_once(target, url, arguments, console)


def _run_once(target: Target, url: str, arguments: dict[str, str], console: Console) -> None:
    """Bring the job up to date, run it, and follow the run; raises CommandError unless it SUCCEEDED."""
    glue, job = local("glue", endpoint_url=url), bring_up_to_date(target, url, console)
    with of_a_job(glue, job):
        run_id: str | None = glue.start_job_run(JobName=job, Arguments=arguments)["JobRunId"]
    ended: dict[str, Any] = {}
    usd = 0.0
    while run_id:
        if ended:
            failed = f"{job}: FAILED: {ended.get('ErrorMessage')}; retrying (MaxRetries)"
            console.print(failed, style="yellow", soft_wrap=True, markup=False)
        console.print(f"{job}: run {run_id}", soft_wrap=True)
        tail = Tail(local("logs", endpoint_url=url), run_id)
        try:
            ended = to_its_end(glue, tail, job, run_id, console)
        except KeyboardInterrupt:
            _stop(glue, tail, job, run_id, console)
            raise typer.Exit(INTERRUPTED) from None
        usd += run_cost(ended).usd
        run_id = _retry_of(glue, ended)
    _print_outcome(job, ended, usd, console)


def _retry_of(glue: Any, ended: dict[str, Any]) -> str | None:
    """Return the id of the run that retries a failed one, or None."""
    if ended["JobRunState"] != "FAILED":
        return None
    later = glue.get_job_runs(JobName=ended["JobName"], MaxResults=50)["JobRuns"]
    found = (
        run["Id"] for run in later if run.get("PreviousRunId") == ended["Id"] and run["Attempt"] > ended["Attempt"]
    )
    return next(found, None)


def arguments_of(pairs: list[str]) -> dict[str, str]:
    """Convert ``k=v`` pairs to Glue's Arguments, ``{"--k": "v"}``; raises CommandError for a pair without ``=``."""
    arguments = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip("-"):
            raise CommandError(f"invalid argument -a {pair}: write -a KEY=VALUE")
        arguments[f"--{key.lstrip('-')}"] = value
    return arguments


def _stop(glue: Any, tail: Tail, job: str, run_id: str, console: Console) -> None:
    console.print("stopping the run", style="yellow")
    answer = glue.batch_stop_job_run(JobName=job, JobRunIds=[run_id])
    for error in answer.get("Errors", []):
        # The run may just have ended.
        console.print(error["ErrorDetail"]["ErrorMessage"], style="dim", soft_wrap=True)
    ended = to_its_end(glue, tail, job, run_id, console)
    console.print(f"{job}: {ended['JobRunState']}{_on_aws(run_cost(ended).usd)}", style="yellow", soft_wrap=True)


def _on_aws(usd: float) -> str:
    return f" (on AWS {dollars(usd)})"


def _print_outcome(job: str, ended: dict[str, Any], usd: float, console: Console) -> None:
    """Print the outcome of the last attempt, and what all attempts would have cost."""
    seconds = ended.get("ExecutionTime", 0)
    if ended["JobRunState"] == "SUCCEEDED":
        console.print(f"{job}: SUCCEEDED in {seconds} s{_on_aws(usd)}", style="green", soft_wrap=True)
        return
    raise CommandError(
        f"{job}: {ended['JobRunState']} after {seconds} s{_on_aws(usd)}: {ended.get('ErrorMessage') or 'no reason given'}"
    )
