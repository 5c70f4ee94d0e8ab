"""``glue-local demo``: traffic from feed to report on a server of its own, with progress throughout."""

import os
import re
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from glue_local.cli.execute import follow, start
from glue_local.cli.provision import apply
from glue_local.cli.refusal import Refusal
from glue_local.cli.up import end, settings_for, spawn
from glue_local.clients import local
from glue_local.core.clock import system_clock
from glue_local.demo.jams import JamAtSite, find
from glue_local.demo.query import example
from glue_local.demo.report import Facts, render
from glue_local.demo.results import read_sites
from glue_local.demo.scale import clock
from glue_local.demo.timeline import Span
from glue_local.executions import explained, history, job_of, steps
from glue_local.feed.delivered import Delivered
from glue_local.feed.event import Minute
from glue_local.feed.export import put_configuration
from glue_local.feed.network import FULL_SIZE, invent
from glue_local.feed.profile import last_rush_hour
from glue_local.feed.publish import publish_minutes
from glue_local.feed.traffic import simulate
from glue_local.settings import DEFAULT_DATA_DIR, DEFAULT_PORT

_STREAM = "traffic-events"
_STATE_MACHINE = "traffic_glue"
_CONFIGURATION = "s3://traffic-raw/config/"
_SHOWN = 15
# Names end in their kilometre, which the table has a column for and 80 characters no room.
_KMP = re.compile(r" kmpt\. [\d,.]+$")
# Firehose holds events back for its buffer's interval, so quiet for this long means lost.
_PATIENCE = 120.0
# A little more than that interval: whoever else publishes makes the count reach its goal a buffer too early.
_ONE_MORE_BUFFER = 12.0

app = typer.Typer()


@dataclass
class Demo:
    """A demo under way: where it talks to, where its reader does, and what took how long.

    ``shared`` tells that others may publish there as well.
    """

    url: str
    console: Console
    shared: bool = False
    seen_as: str = ""
    spans: list[Span] = field(default_factory=list)

    def client(self, service: str) -> Any:
        """Return a client of ``service`` at the demo's server."""
        return local(service, endpoint_url=self.url)

    @contextmanager
    def phase(self, number: int, name: str) -> Iterator[None]:
        """Say what happens now, and remember how long it took."""
        self.console.print(f"[bold]{number}/6  {name}[/]")
        began = system_clock()
        yield
        self.spans.append(Span(name, "phase", began, system_clock()))


@app.command()
def demo(
    minutes: Annotated[int, typer.Option(min=1, help="Simulated minutes.")] = 30,
    points: Annotated[int, typer.Option(min=1, help="Measuring points; 4254 is the size of the real network.")] = FULL_SIZE,
    seed: Annotated[int, typer.Option(help="Another seed, other roads and jams.")] = 1,
    report: Annotated[Path, typer.Option(help="Where to write the report.")] = Path("glue-local-report.html"),
    file: Annotated[Path, typer.Option("--file", "-f", help="The definitions.")] = Path("glue-local.yaml"),
    keep: Annotated[bool, typer.Option("--keep", help="Leave the server up, to look around.")] = False,
    port: Annotated[int | None, typer.Option(help=f"Port of the demo's own server.  [default: {DEFAULT_PORT} if free]")] = None,
    endpoint_url: Annotated[str | None, typer.Option(help="Use the endpoint that runs there, and no server of its own.")] = None,
    seen_as: Annotated[str | None, typer.Option(help="How the reader of the report calls that endpoint.")] = None,
) -> None:  # fmt: skip
    """Feed → Kinesis → S3 → Step Functions → Glue jobs → jams, and a report to look at."""
    if not file.exists():
        raise Refusal(f"there is no {file} here: run the demo in a checkout of glue-local")
    _make_writable(report.parent)
    console = Console(highlight=False)
    began = time.monotonic()
    shared = _running_server(endpoint_url, seen_as, console) if endpoint_url else None
    with shared or _own_server(port, keep, console) as running:
        published, delivered = _traffic(running, file, minutes, points, seed)
        _execute(running)
        with running.phase(6, "Result"):
            sites = read_sites(running.client("glue"), running.client("s3"))
            _show(find(sites), console)
        facts = Facts(published, delivered, example(running.seen_as))
        report.write_text(render(sites, running.spans, facts), encoding="utf-8")
        _tell_the_rest(report, running, keep or running.shared)
    console.print(f"Done in {time.monotonic() - began:.0f} s.", style="green")


def _make_writable(folder: Path) -> None:
    """Make the report's folder, before minutes of work that would end without it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(f"the report's folder {folder} cannot be made: {error.strerror}") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Refusal(
            f"user {os.getuid()} may not write to {folder}, where the report goes: choose another with --report;"
            " with Compose run make demo-compose, or set UID and GID in .env"
        )


def _traffic(running: Demo, file: Path, minutes: int, points: int, seed: int) -> tuple[int, int]:
    with running.phase(2, "Provision"):
        apply(file, running.url, running.console)
    delivered = Delivered(running.client("s3"))
    there = delivered.count()
    with running.phase(3, "Feed → Kinesis"):
        published = _publish(running, minutes, points, seed)
    with running.phase(4, "Kinesis → S3"):
        return published, _await_delivery(running, delivered, there, published)


@contextmanager
def _running_server(url: str, seen_as: str | None, console: Console) -> Iterator[Demo]:
    """Use a server that others started, and leave it as it is."""
    demo = Demo(url, console, shared=True, seen_as=seen_as or url)
    with demo.phase(1, "Server"):
        console.print(f"{url}, which runs already")
    yield demo


@contextmanager
def _own_server(port: int | None, keep: bool, console: Console) -> Iterator[Demo]:
    """Start a server that ends with the demo, unless it is to be kept."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="glue-local-demo-", ignore_cleanup_errors=True) as scratch:
        data_dir = DEFAULT_DATA_DIR if keep else Path(scratch)
        demo = Demo("", console)
        with demo.phase(1, "Server"):
            process, taken = spawn(settings_for(_port() if port is None else port, data_dir))
            demo.url = demo.seen_as = f"http://localhost:{taken}"
            console.print(f"{demo.url}, stopped when the demo ends" if not keep else f"{demo.url}, kept running")
        try:
            yield demo
        finally:
            if not keep:
                end(process)


def _port() -> int:
    """Return the usual port if nobody has it, else 0, which takes a free one."""
    with socket.socket() as probe:
        return 0 if probe.connect_ex(("127.0.0.1", DEFAULT_PORT)) == 0 else DEFAULT_PORT


def _publish(running: Demo, minutes: int, points: int, seed: int) -> int:
    network = invent(seed, points)
    put_configuration(network, _CONFIGURATION, partial(running.client, "s3"))
    first = last_rush_hour(system_clock(), minutes)
    running.console.print(f"{minutes} minutes from {clock(first)} of {first:%-d %B %Y}, {points} measuring points")
    with _bar(running.console, "events", minutes * points) as advance:
        traffic: Iterator[Minute] = (minute for minute, _ in simulate(network, first, minutes, seed))
        outcome = publish_minutes(traffic, running.client("kinesis"), _STREAM, progress=advance)
    if outcome.failed:
        reasons = ", ".join(f"{count} x {code}" for code, count in outcome.reasons.items())
        raise Refusal(f"{outcome.failed} events could not be published: {reasons}")
    return outcome.published


def _await_delivery(running: Demo, delivered: Delivered, there: int, published: int) -> int:
    """Wait until as many events have arrived in S3 as were published, over those that were ``there``."""
    seen, moved = 0, time.monotonic()
    with _bar(running.console, "events", published) as advance:
        while seen < published:
            now = delivered.count() - there
            if now > seen:
                advance(now - seen)
                seen, moved = now, time.monotonic()
            elif time.monotonic() - moved > _PATIENCE:
                raise Refusal(f"{published - seen} of {published} events did not arrive in S3 within {_PATIENCE:.0f} s")
            else:
                time.sleep(0.5)
    if running.shared:
        time.sleep(_ONE_MORE_BUFFER)
    return seen


def _execute(running: Demo) -> None:
    client = running.client("stepfunctions")
    with running.phase(5, "State machine"):
        arn = start(client, _STATE_MACHINE)
        ended = follow(client, arn, running.console)
    running.spans.pop()
    running.spans += _spans(running, history(client, arn))
    if ended["status"] != "SUCCEEDED":
        reason = explained(ended.get("error"), ended.get("cause"))
        hint = "`glue-local logs JOB` shows what a job printed"
        if not running.shared:
            hint = f"`glue-local demo --keep` leaves the server up, and {hint}"
        raise Refusal(f"{_STATE_MACHINE}: {ended['status']}: {reason}\n{hint}")


def _spans(running: Demo, events: list[dict[str, Any]]) -> Iterator[Span]:
    """Yield the tasks of an execution, each followed by its Glue runs."""
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
    for column in (1, 5):
        table.columns[column].justify = "right"
    for jam in jams[:_SHOWN]:
        site = jam.site
        name = _KMP.sub("", site.name)
        table.add_row(site.road, f"{site.kmp:.1f}", name, clock(jam.since), clock(jam.until), f"{jam.lowest:.0f}")
    console.print(table if jams else "no jams")
    if len(jams) > _SHOWN:
        console.print(f"and {len(jams) - _SHOWN} more; km/h is the lowest speed", style="dim")


def _tell_the_rest(report: Path, running: Demo, keep: bool) -> None:
    console = running.console
    # In a container the path as it was given means more than the one it has there.
    console.print(f"\nReport: {report if running.shared else report.resolve()}", soft_wrap=True)
    if keep:
        stop = "" if running.shared else "; `glue-local down` stops it"
        console.print(f"The server stays at {running.seen_as}{stop}. Ask it yourself:\n")
        console.print(example(running.seen_as), markup=False, soft_wrap=True)
    else:
        console.print(
            "`glue-local demo --keep` leaves the server up, and shows how to query the result.",
            style="dim",
            soft_wrap=True,
        )


@contextmanager
def _bar(console: Console, unit: str, total: int) -> Iterator[Callable[[int], None]]:
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn(unit), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=total)

        def advance(count: int) -> None:
            done = progress.tasks[0].completed + count
            # The feed repeats some events, so there may be more than points times minutes.
            progress.update(task, completed=done, total=max(total, done))

        yield advance
