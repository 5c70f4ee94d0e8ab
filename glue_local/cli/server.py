"""``glue-local down`` and ``status``: the server of a data directory, from outside."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from glue_local.cli.options import DataDir
from glue_local.cli.refusal import Refusal
from glue_local.cli.running import ENDS_WITH_THE_SERVER, announced, health, stop
from glue_local.settings import from_environment

app = typer.Typer()


@app.command(name="down")
def down(data_dir: DataDir = None) -> None:
    """Stop the server; nothing to stop is no fault."""
    folder = data_dir or from_environment().data_dir
    server = announced(folder)
    if server is None:
        print(f"no glue-local runs on {folder}")
        return
    stop(folder, server["pid"])
    print(f"stopped the glue-local on port {server['port']}")


@app.command(name="status")
def status(
    data_dir: DataDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Tell whether a server runs, where, and which processes it has."""
    folder = data_dir or from_environment().data_dir
    server = announced(folder)
    if server is None:
        raise Refusal(f"no glue-local runs on {folder}: start one with `glue-local up`")
    document = health(server["port"])
    if document is None:
        raise Refusal(f"the glue-local with process id {server['pid']} does not answer: `glue-local down` ends it")
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
    console = Console(soft_wrap=True, highlight=False)
    console.print(table)
    for stream, trouble in troubled.items():
        line = f"delivery stream {stream} is in trouble, and tried again every second: {trouble}"
        console.print(line, style="red", markup=False)
    if not document["upstream"]:
        console.print(ENDS_WITH_THE_SERVER, style="dim")
