"""``glue-local demo``: run the example pipeline from feed to report on a temporary server, showing progress."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

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
from glue_local.client.executions import explained, history, job_of, steps
from glue_local.costs import BASIS, dollars, total
from glue_local.costs.executions import execution_costs
from glue_local.demo.colours import clock
from glue_local.demo.jams import JamAtSite, find
from glue_local.demo.query import example
from glue_local.demo.report import Facts, render
from glue_local.demo.results import count_events, read_sites
from glue_local.demo.runs import read_quality, read_runs
from glue_local.demo.timeline import Span
from glue_local.feed.delivered import Delivered
from glue_local.feed.simulation.network import FULL_SIZE
from glue_local.settings import DEFAULT_PORT

_STATE_MACHINE = "traffic_glue"
_PHASES = 6
_SHOWN = 15
# Site names end with their kilometre, which has its own column; 80 characters have no room for both.
_KMP = re.compile(r" kmpt\. [\d,.]+$")

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    minutes: Annotated[int, typer.Option(min=1, help="Minutes of traffic to simulate.")] = 30,
    points: Annotated[int, typer.Option(min=1, help="Number of measuring points; the real network has 4254.")] = FULL_SIZE,
    seed: Annotated[int, typer.Option(help="Random seed; it determines the roads and jams.")] = 1,
    report: Annotated[Path, typer.Option(help="File to write the report to.")] = Path("glue-local-report.html"),
    file: Annotated[Path, typer.Option("--file", "-f", help="Definitions file.")] = Path("glue-local.yaml"),
    keep: Annotated[bool, typer.Option("--keep", help="Keep the server running afterwards.")] = False,
    port: Annotated[int | None, typer.Option(help="Port of the demo's server.", show_default=f"{DEFAULT_PORT} if free")] = None,
    endpoint_url: Annotated[str | None, typer.Option(help="Use the server at this URL instead of starting one.")] = None,
    seen_as: Annotated[str | None, typer.Option(help="URL of that server as shown in the report, if it differs.")] = None,
) -> None:  # fmt: skip
    """Run the example pipeline (feed → Kinesis → S3 → Step Functions → Glue jobs), print jams, write a report."""
    if not file.exists():
        raise CommandError(f"{file} does not exist: run the demo in a checkout of glue-local")
    check_writable(report.parent, "--report")
    console = Console(highlight=False, emoji=False)
    began = time.monotonic()
    shared = running_server(endpoint_url, seen_as, _PHASES, console) if endpoint_url else None
    with shared or own_server(port, keep, _PHASES, console) as running:
        published, delivered = _traffic(running, file, minutes, points, seed)
        arn, ids = _execute(running)
        with running.phase(6, "Result"):
            glue, s3 = running.client("glue"), running.client("s3")
            sites = read_sites(glue, s3)
            runs = read_runs(glue, running.client("logs"), ids)
            quality = read_quality(s3, runs)
            _show(find(sites), console)
        costs = execution_costs(running.client, arn)
        facts = Facts(published, delivered, example(running.seen_as), count_events(glue, s3), runs, quality, costs)
        report.write_text(render(sites, running.spans, facts), encoding="utf-8")
        console.print(f"\n{_STATE_MACHINE} on AWS: {dollars(total(costs))}, {BASIS}", soft_wrap=True)
        _print_outcome(report, running, keep or running.shared)
    console.print(f"Done in {time.monotonic() - began:.0f} s.", style="green")


def _traffic(running: Example, file: Path, minutes: int, points: int, seed: int) -> tuple[int, int]:
    with running.phase(2, "Provision"):
        apply(file, running.url, running.console)
    delivered = Delivered(running.client("s3"))
    there = delivered.count()
    with running.phase(3, "Feed → Kinesis"):
        published = publish(running, minutes, points, seed)
    with running.phase(4, "Kinesis → S3"):
        return published, await_delivery(running, delivered, there, published)


def _execute(running: Example) -> tuple[str, list[str]]:
    """Run the state machine and return its execution and the ids of its Glue runs."""
    client = running.client("stepfunctions")
    with running.phase(5, "State machine"):
        arn = start(client, _STATE_MACHINE)
        ended = follow(client, arn, running.console)
    running.spans.pop()
    events = history(client, arn)
    running.spans += _spans(running, events)
    if ended["status"] != "SUCCEEDED":
        reason = explained(ended.get("error"), ended.get("cause"))
        hint = "`glue-local logs JOB` shows a job's output"
        if not running.shared:
            hint = f"`glue-local demo --keep` keeps the server running, so that {hint}"
        raise CommandError(f"{_STATE_MACHINE}: {ended['status']}: {reason}\n{hint}")
    return arn, [run for step in steps(events) for run in step.runs]


def _spans(running: Example, events: list[dict[str, Any]]) -> Iterator[Span]:
    """Yield a span for each task of an execution, followed by the spans of its Glue runs."""
    glue = running.client("glue")
    for step in steps(events):
        if step.kind != "Task":
            continue
        yield Span(step.name, "state", step.entered, step.left or step.entered, bool(step.error), step.error or "")
        for run_id in step.runs:
            job = job_of(glue, run_id)
            run = glue.get_job_run(JobName=job, RunId=run_id)["JobRun"]
            failed = run["JobRunState"] != "SUCCEEDED"
            yield Span(f"{job}", "run", run["StartedOn"], run["CompletedOn"], failed, run["JobRunState"])


def _show(jams: list[JamAtSite], console: Console) -> None:
    table = Table("road", "km", "site", "from", "to", "km/h", box=None, header_style="bold", pad_edge=False)
    for column in (1, 3, 4, 5):
        table.columns[column].justify = "right"
    for jam in jams[:_SHOWN]:
        site = jam.site
        name = _KMP.sub("", site.name)
        since, until = clock(jam.since), clock(jam.until)
        since, until = f"≤ {since}" if jam.began_earlier else since, f"≥ {until}" if jam.goes_on else until
        table.add_row(site.road, f"{site.kmp:.1f}", name, since, until, f"{jam.lowest:.0f}")
    console.print(table if jams else "no jams")
    if jams:
        more = f"and {len(jams) - _SHOWN} more jams; " if len(jams) > _SHOWN else ""
        console.print(f"{more}km/h is the lowest speed; ≤, ≥: the feed cuts the jam off", style="dim")


def _print_outcome(report: Path, running: Example, keep: bool) -> None:
    console = running.console
    # In a container, the path that the user passed is more useful than the container's path.
    console.print(f"\nReport: {report if running.shared else report.resolve()}", soft_wrap=True)
    if keep:
        stop = "" if running.shared else "; `glue-local down` stops it"
        console.print(f"The server keeps running at {running.seen_as}{stop}. Query it yourself:\n")
        console.print(example(running.seen_as), markup=False, soft_wrap=True)
    else:
        console.print(
            "`glue-local demo --keep` keeps the server running and shows how to query the result.",
            style="dim",
            soft_wrap=True,
        )
