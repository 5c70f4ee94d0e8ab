"""``glue-local execute``: start an execution, watch its states, and exit by its outcome."""

import json
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from glue_local.cli.following import live
from glue_local.cli.options import EndpointUrl, Port
from glue_local.cli.refusal import Refusal
from glue_local.clients import endpoint, local
from glue_local.executions import Step, explained, history, state_machine_arn, steps

INTERRUPTED = 130
_PAUSE = 0.4
_STYLES = {"RUNNING": "cyan", "SUCCEEDED": "green", "FAILED": "red"}

app = typer.Typer()


@app.command()
def execute(
    state_machine: Annotated[str, typer.Argument(help="The state machine's name or ARN.")],
    given: Annotated[str, typer.Option("--input", metavar="JSON", help="The input: JSON, or @FILE.")] = "{}",
    port: Port = None,
    endpoint_url: EndpointUrl = None,
) -> None:
    """Execute a state machine and follow it to its end; exit code 0 means SUCCEEDED. Ctrl-C stops the execution."""
    client = local("stepfunctions", endpoint_url=endpoint(port, endpoint_url))
    console = Console(highlight=False)
    arn = start(client, state_machine, _input(given))
    try:
        ended = follow(client, arn, console)
    except KeyboardInterrupt:
        client.stop_execution(executionArn=arn, cause="interrupted")
        console.print("stopped the execution", style="yellow")
        raise typer.Exit(INTERRUPTED) from None
    if ended["status"] != "SUCCEEDED":
        reason = explained(ended.get("error"), ended.get("cause")) or "no reason was given"
        raise Refusal(f"{state_machine}: {ended['status']}: {reason}")
    console.print(f"{state_machine}: SUCCEEDED in {_seconds(ended):.0f} s", style="green")


def start(client: Any, name: str, given: str = "{}") -> str:
    """Start an execution of the state machine called ``name``; return its ARN."""
    machine = state_machine_arn(client, name)
    if machine is None:
        raise Refusal(f"there is no state machine {name}: `glue-local provision` creates those of glue-local.yaml")
    return str(client.start_execution(stateMachineArn=machine, input=given)["executionArn"])


def follow(client: Any, arn: str, console: Console) -> dict[str, Any]:
    """Show the states of an execution as they come and go; return its description once it has ended."""
    told: set[str] = set()
    with live(console, _table([])) as show:
        while True:
            # Described first: the history is then complete when this says that it has ended.
            described: dict[str, Any] = client.describe_execution(executionArn=arn)
            entered = steps(history(client, arn))
            show(_table(entered))
            if not console.is_terminal:
                _tell(entered, told, console)
            if described["status"] != "RUNNING":
                return described
            time.sleep(_PAUSE)


def _tell(entered: list[Step], told: set[str], console: Console) -> None:
    """Print what is new, one line each, where a table cannot be redrawn."""
    for step in entered:
        line = f"{step.name} {step.state}" + (f", try {len(step.runs)}" if len(step.runs) > 1 else "")
        if step.kind == "Task" and line not in told:
            told.add(line)
            console.print(line, style="dim")


def _table(entered: list[Step]) -> Table:
    now = datetime.now(timezone.utc)
    table = Table("state", "", "s", "Glue run", box=None, header_style="bold", pad_edge=False)
    table.columns[2].justify = "right"
    for step in entered:
        run = f"{step.runs[-1][:11]}…" if step.runs else ""
        tries = f" ({len(step.runs)} tries)" if len(step.runs) > 1 else ""
        table.add_row(step.name, f"[{_STYLES[step.state]}]{step.state}[/]", f"{step.seconds(now):.1f}", f"{run}{tries}")
        if step.error:
            table.add_row("", "", "", Text(step.error.splitlines()[0][:200], style="red"))
    return table


def _input(given: str) -> str:
    text = given
    if given.startswith("@"):
        try:
            text = Path(given[1:]).read_text()
        except OSError as error:
            raise Refusal(f"--input {given}: {error.strerror}") from None
    try:
        json.loads(text)
    except ValueError as error:
        raise Refusal(f"--input is not JSON: {error}") from None
    return text


def _seconds(ended: dict[str, Any]) -> float:
    return float((ended["stopDate"] - ended["startDate"]).total_seconds())
