"""``glue-local compare``: run both workflows of the example on the same events and compare them."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from glue_local import prices
from glue_local.cli.execute import follow, start
from glue_local.cli.provision import apply
from glue_local.cli.shared.error_messages import CommandError
from glue_local.cli.shared.example import (
    Example,
    await_delivery,
    check_writable,
    own_server,
    publish,
    running_server,
)
from glue_local.cli.shared.options import url_option
from glue_local.client import athena
from glue_local.client.athena_values import records
from glue_local.client.executions import explained
from glue_local.compare import figures
from glue_local.compare.cost import ASSUMPTIONS
from glue_local.compare.figures import Figures
from glue_local.compare.measure import Measured, before, measure
from glue_local.compare.report import render
from glue_local.compare.rows import TableRows, compare_rows, explain
from glue_local.compare.workflows import WORKFLOWS, Workflow, lines_of_code
from glue_local.feed.delivered import Delivered
from glue_local.feed.simulation.network import FULL_SIZE
from glue_local.query.engine import installation
from glue_local.settings import DEFAULT_PORT, from_environment, machine

_PHASES = 8
_RESULTS = "s3://traffic-queries/compare/"

app = typer.Typer(add_completion=False)


@app.command()
def compare(
    minutes: Annotated[int, typer.Option(min=3, help="Minutes of traffic to simulate.")] = 12,
    points: Annotated[int, typer.Option(min=1, help="Number of measuring points; the real network has 4254.")] = FULL_SIZE,
    seed: Annotated[int, typer.Option(help="Random seed; it determines the roads and jams.")] = 1,
    report: Annotated[bool, typer.Option("--report", help="Also write a report page with plots.")] = False,
    report_file: Annotated[Path, typer.Option(help="File to write the report page to.")] = Path("glue-local-compare.html"),
    file: Annotated[Path, typer.Option("--file", "-f", help="Definitions file.")] = Path("glue-local.yaml"),
    port: Annotated[int | None, typer.Option(help="Port of the temporary server.", show_default=f"{DEFAULT_PORT} if free")] = None,
    endpoint_url: Annotated[str | None, typer.Option(callback=url_option, help="Use the server at this URL instead of starting one.")] = None,
) -> None:  # fmt: skip
    """Run traffic_glue and traffic_athena on the same events; compare their rows, figures and estimated AWS prices."""
    if not file.exists():
        raise CommandError(f"{file} does not exist: run the comparison in a checkout of glue-local")
    if report:
        check_writable(report_file.parent, "--report-file")
    root = file.resolve().parent
    code = {each.name: lines_of_code(root, (*each.code, each.definition)) for each in WORKFLOWS}
    console = Console(highlight=False, emoji=False)
    began = time.monotonic()
    shared = running_server(endpoint_url, None, _PHASES, console) if endpoint_url else None
    with shared or own_server(port, False, _PHASES, console) as running:
        found = _compare(running, file, (minutes, points, seed), code)
    _show(found, console)
    if report:
        report_file.write_text(render(found), encoding="utf-8")
        console.print(f"\nReport: {report_file.resolve()}", soft_wrap=True)
    console.print(f"Done in {time.monotonic() - began:.0f} s.", style="green")


def _compare(running: Example, file: Path, traffic: tuple[int, int, int], code: dict[str, dict[str, int]]) -> Figures:
    with running.phase(2, "Provision"):
        apply(file, running.url, running.console)
    with running.phase(3, "Athena's engine"):
        _start_engine(running)
    delivered = Delivered(running.client("s3"))
    if there := delivered.count():
        running.console.print(f"the server already has {there:,} events: both workflows process them first")
        for workflow in WORKFLOWS:
            _execute(running, workflow)
    minutes, points, seed = traffic
    part = max(1, minutes // 4)
    with running.phase(4, "Smaller execution, from which growth is computed"):
        events = _deliver(running, delivered, (part, points, seed))
        smaller = [_measured(running, workflow, code, events) for workflow in WORKFLOWS]
    with running.phase(5, "Feed → Kinesis → S3"):
        events = _deliver(running, delivered, traffic, skipped=part)
    measured = []
    for number, (workflow, less) in enumerate(zip(WORKFLOWS, smaller, strict=True), 6):
        with running.phase(number, f"{workflow.title}: {workflow.name}"):
            measured.append(replace(_measured(running, workflow, code, events), smaller=less))
    with running.phase(8, "Compare rows"):
        rows = _rows(running)
    return figures.figures(measured[0], measured[1], rows, minutes - part)


def _start_engine(running: Example) -> None:
    if not running.shared and not from_environment().trino:
        # The first query would also download the engine, but without showing progress.
        installation.install(
            machine().cache, lambda line: running.console.print(f"  {line}", style="dim", markup=False)
        )
    _ask(running, "SELECT 1")


def _deliver(running: Example, delivered: Delivered, traffic: tuple[int, int, int], skipped: int = 0) -> int:
    there = delivered.count()
    published = publish(running, *traffic, skipped=skipped)
    return await_delivery(running, delivered, there, published)


def _measured(running: Example, workflow: Workflow, code: dict[str, dict[str, int]], events: int) -> Measured:
    earlier = before(running.client, running.url, workflow)
    arn = _execute(running, workflow)
    return measure(running.client, running.url, workflow, arn, earlier, code[workflow.name], events)


def _execute(running: Example, workflow: Workflow) -> str:
    client = running.client("stepfunctions")
    arn = start(client, workflow.name)
    ended = follow(client, arn, running.console)
    if ended["status"] != "SUCCEEDED":
        raise CommandError(f"{workflow.name}: {ended['status']}: {explained(ended.get('error'), ended.get('cause'))}")
    return arn


def _ask(running: Example, sql: str) -> list[dict[str, Any]]:
    client = running.client("athena")
    try:
        query = athena.wait(client, athena.start(client, sql, output_location=_RESULTS))
    except athena.QueryFailed as failed:
        raise CommandError(f"Athena: {failed}") from None
    result = athena.result(client, query)
    return list(records(result.columns, result.rows))


def _rows(running: Example) -> list[TableRows]:
    compared = list(compare_rows(lambda sql: _ask(running, sql), running.client("glue")))
    for each in compared:
        running.console.print(f"{each.table}: {each.rows:,} rows {'equal' if each.equal else '[red]differ[/]'}")
    if differing := [explain(each) for each in compared if not each.equal]:
        raise CommandError("the workflows produced different rows: " + "; ".join(differing))
    return compared


def _show(found: Figures, console: Console) -> None:
    console.print(f"\n[bold]{found.events:,} events, equal rows from both workflows[/]")
    console.print(_table("figure", found.titles, [(each.name, each.texts) for each in found.measures]))
    console.print(
        f"\n[bold]Estimated price on AWS[/] for one execution, in USD, at list prices of {prices.REGION}, {prices.AS_OF}"
    )
    console.print(_table("volume", found.titles, [(each.name, each.texts) for each in found.prices]))
    console.print(found.break_even)
    for title, workflow in zip(found.titles, WORKFLOWS, strict=True):
        console.print(f"\n[bold]Advantages of {title}[/]")
        console.print(_listed(workflow.only))
    console.print("\nAssumptions of the estimate:", style="dim")
    console.print(_listed((*found.notes, *ASSUMPTIONS)), style="dim")


def _listed(lines: Sequence[str]) -> Table:
    table = Table.grid(padding=(0, 1))
    for line in lines:
        table.add_row("•", line)
    return table


def _table(first: str, titles: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> Table:
    table = Table(first, *titles, box=None, header_style="bold", pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for name, texts in rows:
        table.add_row(name, *texts)
    return table
