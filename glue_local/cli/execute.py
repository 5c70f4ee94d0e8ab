"""``glue-local execute``: start an execution, follow its states, and exit with its outcome."""

import json
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from glue_local.cli.shared.endpoints import endpoint
from glue_local.cli.shared.error_messages import CommandError
from glue_local.cli.shared.options import EndpointUrl, Port
from glue_local.cli.shared.suggestions import missing, state_machines
from glue_local.cli.shared.tail import live
from glue_local.client.clients import local
from glue_local.client.executions import Step, explained, history, state_machine_arn, steps
from glue_local.costs import BASIS, EXCLUDED, dollars, total
from glue_local.costs.executions import execution_costs

INTERRUPTED = 130
_PAUSE = 0.4
_STYLES = {"RUNNING": "cyan", "SUCCEEDED": "green", "FAILED": "red"}

app = typer.Typer(add_completion=False)


@app.command()
def execute(
    state_machine: Annotated[str, typer.Argument(help="Name or ARN of the state machine.")],
    given: Annotated[
        str, typer.Option("--input", metavar="JSON", help="Input of the execution: JSON, or @FILE.")
    ] = "{}",
    port: Port = None,
    endpoint_url: EndpointUrl = None,
) -> None:
    """Execute a state machine and follow its states. Exits with 0 if it SUCCEEDED. Ctrl-C stops the execution."""
    url = endpoint(port, endpoint_url)
    client = local("stepfunctions", endpoint_url=url)
    console = Console(highlight=False, emoji=False)
    arn = start(client, state_machine, _input(given))
    try:
        ended = follow(client, arn, console)
    except KeyboardInterrupt:
        client.stop_execution(executionArn=arn, cause="interrupted")
        console.print("stopped the execution", style="yellow")
        raise typer.Exit(INTERRUPTED) from None
    _print_costs(url, arn, console)
    if ended["status"] != "SUCCEEDED":
        reason = explained(ended.get("error"), ended.get("cause")) or "no reason given"
        raise CommandError(f"{state_machine}: {ended['status']}: {reason}")
    console.print(f"{state_machine}: SUCCEEDED in {_seconds(ended):.0f} s", style="green")


def _print_costs(url: str, arn: str, console: Console) -> None:
    try:
        found = execution_costs(lambda service: local(service, endpoint_url=url), arn)
    except ValueError as reason:
        console.print(str(reason), style="dim")
        return
    for cost in found:
        console.print(f"{dollars(cost.usd)}  {cost.service}: {cost.usage}", style="dim", soft_wrap=True)
    console.print(f"{dollars(total(found))}  on AWS, {BASIS}, {EXCLUDED}", style="dim", soft_wrap=True)


def start(client: Any, name: str, given: str = "{}") -> str:
    """Start an execution of the state machine ``name`` and return the execution's ARN."""
    machine = state_machine_arn(client, name)
    if machine is None:
        hint = "`glue-local provision` creates those in glue-local.yaml"
        raise missing("state machine", name, state_machines(client), hint)
    return str(client.start_execution(stateMachineArn=machine, input=given)["executionArn"])


def follow(client: Any, arn: str, console: Console) -> dict[str, Any]:
    """Show an execution's states until it ends; return its description."""
    printed: set[str] = set()
    with live(console, _table([])) as show:
        while True:
            # Describe first: if it has ended, the history read afterwards is complete.
            described: dict[str, Any] = client.describe_execution(executionArn=arn)
            entered = steps(history(client, arn))
            show(_table(entered))
            if not console.is_terminal:
                _print_new(entered, printed, console)
            if described["status"] != "RUNNING":
                return described
            time.sleep(_PAUSE)


def _print_new(entered: list[Step], printed: set[str], console: Console) -> None:
    """Print each new state change on its own line, for output that cannot redraw a table."""
    for step in entered:
        line = f"{step.name} {step.state}" + (f", try {len(step.runs)}" if len(step.runs) > 1 else "")
        if step.kind == "Task" and line not in printed:
            printed.add(line)
            console.print(line, style="dim")


def _table(entered: list[Step]) -> Table:
    now = datetime.now(timezone.utc)
    table = Table("state", "", "s", "run or query", box=None, header_style="bold", pad_edge=False)
    table.columns[2].justify = "right"
    for step in entered:
        started = step.runs or step.queries
        run = f"{started[-1][:11]}…" if started else ""
        tries = f" ({len(started)} tries)" if len(started) > 1 else ""
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
            raise CommandError(f"--input {given}: {error.strerror}") from None
    try:
        json.loads(text)
    except ValueError as error:
        raise CommandError(f"--input is not valid JSON: {error}") from None
    return text


def _seconds(ended: dict[str, Any]) -> float:
    return float((ended["stopDate"] - ended["startDate"]).total_seconds())
