"""``glue-local provision``: create or update the resources in glue-local.yaml."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from glue_local.cli.shared.endpoints import endpoint
from glue_local.cli.shared.options import EndpointUrl, Port
from glue_local.cli.shared.tail import live
from glue_local.client.clients import REGION, local
from glue_local.promote.apply.provision import CREATED, EMPTIED, UNCHANGED, UNSUPPORTED, UPDATED, provision
from glue_local.promote.definition.desired import desired, local_seeds
from glue_local.promote.kinds import Account
from glue_local.seeds import plant

_STYLES = {CREATED: "green", UPDATED: "yellow", EMPTIED: "yellow", UNSUPPORTED: "yellow", UNCHANGED: "dim"}

app = typer.Typer(add_completion=False)


@app.command(name="provision")
def provision_command(
    file: Annotated[Path, typer.Option("--file", "-f", help="Definitions file.")] = Path("glue-local.yaml"),
    port: Port = None,
    endpoint_url: EndpointUrl = None,
) -> None:
    """Create or update the resources in glue-local.yaml through the AWS APIs, and put its seeds. Repeating it changes nothing."""
    apply(file, endpoint(port, endpoint_url), Console(highlight=False, emoji=False))


def apply(file: Path, url: str, console: Console) -> None:
    """Create the resources in ``file`` at an endpoint and show each; raises DefinitionError if ``file`` is invalid."""
    client = cache(lambda service: local(service, endpoint_url=url))
    account = client("sts").get_caller_identity()["Account"]
    resources = desired(file, REGION, account)
    seeds = local_seeds(file, REGION, account)
    done: list[tuple[str, str, str]] = []
    with live(console, _table(done)) as show:
        for each, outcome in provision(resources, Account(client, REGION, account)):
            done.append((each.singular, each.name, outcome))
            show(_table(done))
        for planted in plant(seeds, client("s3"), client("glue")):
            done.append(planted)
            show(_table(done))
    counts = Counter(outcome for *_, outcome in done)
    console.print(", ".join(f"{counts[outcome]} {outcome}" for outcome in _STYLES if counts[outcome]) or "no resources")


def _table(done: list[tuple[str, str, str]]) -> Table:
    table = Table("resource", "name", "", box=None, header_style="bold", pad_edge=False)
    for kind, name, outcome in done:
        table.add_row(kind, name, f"[{_STYLES[outcome]}]{outcome}[/]")
    return table
