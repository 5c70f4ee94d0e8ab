"""``glue-local down`` and ``status``: stop or inspect the server of a data directory."""

import json
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.table import Table

from glue_local.cli.shared.endpoints import data_directory
from glue_local.cli.shared.error_messages import CommandError
from glue_local.cli.shared.options import DataDir
from glue_local.cli.shared.server_process import IN_MEMORY_NOTE, announced, health, stop
from glue_local.cli.shared.unfinished import consequences
from glue_local.client.clients import local

app = typer.Typer(add_completion=False)


@app.command(name="down")
def down(data_dir: DataDir = None) -> None:
    """Stop the server, and say what happens to unfinished runs. Succeeds if none is running."""
    folder = data_directory(data_dir)
    server = announced(folder)
    if server is None:
        print(f"no server is running for {folder}")
        return
    unfinished = _unfinished(server["port"])
    stop(folder, server["pid"])
    print(f"stopped the server on port {server['port']}")
    for line in unfinished:
        print(line)


def _unfinished(port: int) -> list[str]:
    try:
        return consequences(
            *(local(service, port, attempts=1, read_timeout=5) for service in ("glue", "stepfunctions"))
        )
    except (BotoCoreError, ClientError):
        # A server that does not respond has to be stopped too.
        return []


@app.command(name="status")
def status(
    data_dir: DataDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show whether the server is running, its endpoint and its processes."""
    folder = data_directory(data_dir)
    server = announced(folder)
    if server is None:
        raise CommandError(f"no server is running for {folder}: start one with `glue-local up`")
    document = health(server["port"])
    if document is None:
        raise CommandError(
            f"the server with process id {server['pid']} does not respond: stop it with `glue-local down`"
        )
    if as_json:
        print(json.dumps(document))
        return
    troubled = document.pop("troubled", {})
    table = Table(show_header=False, box=None)
    for name, value in document.items():
        if not value:
            continue
        shown = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
        table.add_row(name.replace("_", " "), shown)
    console = Console(soft_wrap=True, highlight=False, emoji=False)
    console.print(table)
    for stream, trouble in troubled.items():
        line = f"delivery stream {stream} fails and is retried every second: {trouble}"
        console.print(line, style="red", markup=False)
    if not document["upstream"]:
        console.print(IN_MEMORY_NOTE, style="dim")
