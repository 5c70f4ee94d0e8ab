"""``glue-local provision``: what glue-local.yaml describes, created or updated."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from glue_local.cli.following import live
from glue_local.cli.options import EndpointUrl, Port
from glue_local.clients import REGION, endpoint, local
from glue_local.promote.desired import Resource, desired
from glue_local.promote.kinds import Account
from glue_local.promote.provision import CREATED, EMPTIED, IN_STAGES, UNCHANGED, UPDATED, provision

_STYLES = {CREATED: "green", UPDATED: "yellow", EMPTIED: "yellow", UNCHANGED: "dim", IN_STAGES: "dim"}

app = typer.Typer()


@app.command(name="provision")
def provision_command(
    file: Annotated[Path, typer.Option("--file", "-f", help="The definitions.")] = Path("glue-local.yaml"),
    port: Port = None,
    endpoint_url: EndpointUrl = None,
) -> None:
    """Create what glue-local.yaml describes, through the AWS APIs; a second time nothing changes."""
    apply(file, endpoint(port, endpoint_url), Console(highlight=False))


def apply(file: Path, url: str, console: Console) -> None:
    """Make the resources of ``file`` at an endpoint and show each; raises Refusal for a definition that is wrong."""
    client = cache(lambda service: local(service, endpoint_url=url))
    account = client("sts").get_caller_identity()["Account"]
    resources = desired(file, REGION, account)
    done: list[tuple[Resource, str]] = []
    with live(console, _table(done)) as show:
        for each in provision(resources, Account(client, REGION, account)):
            done.append(each)
            show(_table(done))
    counts = Counter(outcome for _, outcome in done)
    console.print(
        ", ".join(f"{counts[outcome]} {outcome}" for outcome in _STYLES if counts[outcome]) or "nothing to do"
    )


def _table(done: list[tuple[Resource, str]]) -> Table:
    table = Table("resource", "name", "", box=None, header_style="bold", pad_edge=False)
    for resource, outcome in done:
        table.add_row(resource.singular, resource.name, f"[{_STYLES[outcome]}]{outcome}[/]")
    return table
