"""``glue-local feed``: generate, replay and record the Flemish traffic feed."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from glue_local.cli.shared.endpoints import endpoint
from glue_local.cli.shared.options import EndpointUrl, Port
from glue_local.client.clients import local
from glue_local.core.clock import system_clock
from glue_local.feed.event import WINTER_TIME, Minute
from glue_local.feed.export import put_configuration, writing_truth, writing_xml
from glue_local.feed.miv.file_errors import FileError
from glue_local.feed.miv.files import expand
from glue_local.feed.miv.reader import read_minutes
from glue_local.feed.publish import Outcome, paced, publish_minutes, when_due
from glue_local.feed.record import LIVE, Recorded, record
from glue_local.feed.replay import shifted
from glue_local.feed.simulation.data_defects import NAMES, DefectRates
from glue_local.feed.simulation.ground_truth import TruthWriter
from glue_local.feed.simulation.jams import Jams, jam_truth
from glue_local.feed.simulation.network import FULL_SIZE, generate_network
from glue_local.feed.simulation.profile import last_rush_hour
from glue_local.feed.simulation.traffic import PUBLISHED, simulate

STREAM = "traffic-events"
CONFIGURATION = "s3://traffic-raw/config/"
_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".on.aws")

app = typer.Typer(
    help="Generate, replay or record the Flemish traffic feed.", no_args_is_help=True, add_completion=False
)

Speed = Annotated[str, typer.Option(help="Multiple of real time, such as 60, or max.")]


@app.command()
def generate(
    start: Annotated[str | None, typer.Option(help="First minute as ISO 8601; +01:00 if it has no offset.", show_default="06:45 Belgian time on the last weekday")] = None,
    minutes: Annotated[int, typer.Option(min=1, help="Number of minutes.")] = 30,
    live: Annotated[bool, typer.Option("--live", help="Run until stopped, from --start or now; publish each minute when the real feed would.")] = False,
    points: Annotated[int, typer.Option(min=1, help="Number of measuring points; the real network has 4254.")] = FULL_SIZE,
    seed: Annotated[int, typer.Option(help="Random seed; the same seed, start and options give the same events.")] = 1,
    speed: Speed = "max",
    stream: Annotated[str | None, typer.Option(help="Kinesis stream.", show_default=f"{STREAM}, none with --xml")] = None,
    xml: Annotated[Path | None, typer.Option(help="Write each minute and configuratie.xml to this folder as XML.")] = None,
    config: Annotated[str | None, typer.Option(help="Write the configuration to s3://bucket/prefix/ or a folder.", show_default=f"{CONFIGURATION} for the stream {STREAM}, if its bucket exists")] = None,
    truth: Annotated[Path | None, typer.Option(help="Write the ground truth to this folder: events.jsonl, jams.jsonl.")] = None,
    without: Annotated[list[str] | None, typer.Option(help=f"Turn off a data defect: {', '.join(NAMES)}, or all.")] = None,
    rate: Annotated[list[str] | None, typer.Option(help="Set the rate of a data defect, such as late=0.05.")] = None,
    jams: Annotated[float, typer.Option(min=0, help="Amount of jams: 0 for none, 1 for an ordinary day.")] = 1.0,
    port: Port = None,
    endpoint_url: EndpointUrl = None,
) -> None:  # fmt: skip
    """Simulate traffic on a random network and publish it like the real feed."""
    first = _instant(start) if start else _first(live, minutes)
    defects, pace, at = _defects(without or [], rate or []), _pace(speed), _endpoint(port, endpoint_url)
    target = stream or (None if xml else STREAM)
    network = generate_network(seed, points)
    with _errors_in_one_line(at, stream or STREAM):
        if written := config or (_example_configuration(at) if target == STREAM else None):
            _print(f"configuration: {put_configuration(network, written, lambda: local('s3', endpoint_url=at))}")
        if xml:
            put_configuration(network, str(xml / "configuratie.xml"), lambda: None)
        writer = TruthWriter(truth) if truth else None
        wanted = None if live else minutes
        simulated = writing_xml(writing_truth(simulate(network, first, wanted, seed, defects, jams), writer), xml)
        outcome = _send(when_due(simulated) if live else simulated, wanted, target, pace, at)
        if writer:
            writer.close(jam_truth(Jams(network, seed, jams), first, minutes))
    _finish(outcome, target, [])


@app.command()
def replay(
    paths: Annotated[list[Path], typer.Argument(help="Recorded minutes: .xml or .gz files, or folders of them.")],
    speed: Speed = "max",
    stream: Annotated[str, typer.Option(help="Kinesis stream.")] = STREAM,
    shift_to: Annotated[str | None, typer.Option(help="Shift all times so that the first minute is published at this time (ISO 8601).")] = None,
    port: Port = None,
    endpoint_url: EndpointUrl = None,
) -> None:  # fmt: skip
    """Publish recorded minutes again. Skips and reports damaged points, and then exits with 1."""
    errors: list[FileError] = []
    pace, at = _pace(speed), _endpoint(port, endpoint_url)

    def report(damage: FileError) -> None:
        errors.append(damage)
        _print_error(str(damage))

    with _errors_in_one_line(at, stream):
        files = list(expand(paths))
        minutes: Iterator[Minute] = read_minutes(files, report)
        if shift_to:
            minutes = shifted(minutes, _instant(shift_to))
        outcome = _send(minutes, len(files), stream, pace, at)
    _finish(outcome, stream, errors)


@app.command(name="record")
def record_live(
    to: Annotated[Path, typer.Option(help="Folder for the recorded minutes, one .xml.gz file each.")],
    url: Annotated[str, typer.Option(help="URL of the feed.")] = LIVE,
    every: Annotated[float, typer.Option(min=0.1, help="Polling interval in seconds.")] = 60.0,
    polls: Annotated[
        int | None, typer.Option(min=1, help="Stop after this many polls.", show_default="until Ctrl-C")
    ] = None,
) -> None:
    """Record each new minute that the live feed publishes."""
    saved = failed = 0
    try:
        for seen in record(url, to, every, time.sleep, polls):
            if isinstance(seen, Recorded):
                saved += seen.new
                _print(f"{seen.file}: {seen.points} points" + ("" if seen.new else ", already recorded"))
            else:
                failed += 1
                _print_error(str(seen))
    except KeyboardInterrupt:
        _print_error("stopped")
    except OSError as error:
        _print_error(f"cannot write to {to}: {error.strerror or error}")
        failed += 1
    _print(f"{saved} minutes saved to {to}, {failed} polls failed")
    raise typer.Exit(1 if failed else 0)


def _example_configuration(url: str) -> str | None:
    """Return where the example's state machine reads the configuration, or None if this server has no such bucket."""
    bucket = CONFIGURATION.split("/")[2]
    try:
        local("s3", endpoint_url=url).head_bucket(Bucket=bucket)
    except ClientError:
        _print_error(f"there is no bucket {bucket}: the network's configuration is not written; --config writes it")
        return None
    return CONFIGURATION


def _send(minutes: Iterable[Minute], total: int | None, stream: str | None, pace: float | None, url: str) -> Outcome:
    with _progress(total) as (tick, count):
        ticking = _ticking(minutes, tick)
        if stream is None:
            return Outcome(published=sum(_counted(minute, count) for minute in paced(ticking, pace)))
        return publish_minutes(ticking, local("kinesis", endpoint_url=url), stream, pace, progress=count)


def _ticking(minutes: Iterable[Minute], tick: Callable[[Minute], None]) -> Iterator[Minute]:
    for minute in minutes:
        yield minute
        tick(minute)


def _counted(minute: Minute, count: Callable[[int], None]) -> int:
    count(len(minute.events))
    return len(minute.events)


@contextmanager
def _progress(total: int | None) -> Iterator[tuple[Callable[[Minute], None], Callable[[int], None]]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("minutes"))
    events = TextColumn("{task.fields[events]} events")
    with Progress(*columns, events, TimeElapsedColumn(), TimeRemainingColumn(), console=_stderr()) as bar:
        task = bar.add_task("traffic", total=total, events=0)

        def tick(minute: Minute) -> None:
            at = f"{minute.published:%Y-%m-%d %H:%M}" if minute.published else "traffic"
            bar.update(task, advance=1, description=at)
            if total is None and not bar.console.is_terminal:
                # An endless feed usually writes to a log, which cannot redraw a progress bar.
                _print(f"{at}: {len(minute.events)} events, {bar.tasks[task].fields['events']} since the start")

        def count(published: int) -> None:
            bar.update(task, events=bar.tasks[task].fields["events"] + published)

        yield tick, count


@contextmanager
def _errors_in_one_line(url: str, stream: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        hint = f": create it with `glue-local provision` or `aws kinesis create-stream --stream-name {stream}`"
        _stop(f"{code}: {message}{hint if code == 'ResourceNotFoundException' else ''}")
    except BotoCoreError as error:
        _stop(f"no glue-local server at {url} ({error}): start one with `glue-local up`")
    except (OSError, ValueError) as error:
        _stop(str(error))
    except KeyboardInterrupt:
        _stop("interrupted; events published so far remain in the stream", 130)


def _finish(outcome: Outcome, stream: str | None, errors: list[FileError]) -> None:
    pace = f" in {outcome.seconds:.1f} s" if outcome.seconds else ""
    verb = f"published to {stream}" if stream else "written"
    _print(f"{outcome.published} events {verb}{pace}; {outcome.retried} retried, {outcome.failed} failed")
    if outcome.failed:
        _print_error("gave up on: " + ", ".join(f"{n} x {code}" for code, n in outcome.reasons.items()))
    if errors:
        _print_error(f"{len(errors)} errors in the files, listed above; everything else was published")
    raise typer.Exit(1 if outcome.failed or errors else 0)


def _defects(without: list[str], rates: list[str]) -> DefectRates:
    chosen: dict[str, float] = dict.fromkeys(NAMES if "all" in without else without, 0.0)
    try:
        for text in rates:
            name, _, share = text.partition("=")
            chosen[name] = float(share)
        return DefectRates().but(**chosen)
    except ValueError as error:
        raise typer.BadParameter(f"{error}: write NAME=RATE, such as late=0.05") from error


def _pace(speed: str) -> float | None:
    if speed == "max":
        return None
    try:
        pace = float(speed)
    except ValueError:
        pace = 0.0
    if not 0 < pace < float("inf"):
        raise typer.BadParameter(f"--speed must be a number above 0, or max, not {speed!r}")
    return pace


def _instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not an ISO 8601 time such as 2026-03-02T06:45:00+01:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=WINTER_TIME)


def _first(live: bool, minutes: int) -> datetime:
    """Return the default first minute: with --live, the one that the real feed publishes now."""
    now = system_clock()
    return now - PUBLISHED if live else last_rush_hour(now, minutes)


def _endpoint(port: int | None, endpoint_url: str | None) -> str:
    url = endpoint(port, endpoint_url)
    host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    if host.endswith(_AWS):
        raise typer.BadParameter(f"the endpoint {url!r} is AWS: the feed publishes to local endpoints only")
    return url


def _stderr() -> Console:
    return Console(file=sys.stderr, soft_wrap=True, emoji=False)


def _print(text: str) -> None:
    print(text, flush=True)


def _print_error(text: str) -> None:
    print(text, file=sys.stderr)


def _stop(text: str, code: int = 1) -> None:
    _print_error(text)
    raise typer.Exit(code)
