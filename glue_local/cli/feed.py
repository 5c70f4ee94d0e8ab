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

from glue_local.cli.options import EndpointUrl, Port
from glue_local.clients import endpoint, local
from glue_local.core.clock import system_clock
from glue_local.feed.damage import Damage
from glue_local.feed.event import WINTER_TIME, Minute
from glue_local.feed.export import put_configuration, saving, telling
from glue_local.feed.files import expand
from glue_local.feed.jams import Jams, jam_truth
from glue_local.feed.miv import read_minutes
from glue_local.feed.network import FULL_SIZE, invent
from glue_local.feed.profile import last_rush_hour
from glue_local.feed.publish import Outcome, paced, publish_minutes, when_due
from glue_local.feed.record import LIVE, Recorded, record
from glue_local.feed.replay import shifted
from glue_local.feed.traffic import PUBLISHED, simulate
from glue_local.feed.truth import TruthWriter
from glue_local.feed.vices import NAMES, Vices

STREAM = "traffic-events"
_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".on.aws")

app = typer.Typer(
    help="The Flemish traffic feed: generate, replay or record it.", no_args_is_help=True, add_completion=False
)

Speed = Annotated[str, typer.Option(help="Times real time, such as 60, or max.")]


@app.command()
def generate(
    start: Annotated[str | None, typer.Option(help="First minute, ISO; without offset at +01:00. Default: 06:45 of the last weekday, Belgian time.")] = None,
    minutes: Annotated[int, typer.Option(min=1, help="How many minutes.")] = 30,
    live: Annotated[bool, typer.Option("--live", help="Without end, from --start or now on; each minute no sooner than the real feed would.")] = False,
    points: Annotated[int, typer.Option(min=1, help="Size of the network; 4254 is the real one's.")] = FULL_SIZE,
    seed: Annotated[int, typer.Option(help="Same seed, start and options: same events.")] = 1,
    speed: Speed = "max",
    stream: Annotated[str | None, typer.Option(help=f"Kinesis stream. Default: {STREAM}, or none with --xml.")] = None,
    xml: Annotated[Path | None, typer.Option(help="Write each minute as XML into this folder, and configuratie.xml.")] = None,
    config: Annotated[str | None, typer.Option(help="Write the configuration there: s3://bucket/prefix/ or a path.")] = None,
    truth: Annotated[Path | None, typer.Option(help="Write the truth into this folder: events.jsonl, jams.jsonl.")] = None,
    without: Annotated[list[str] | None, typer.Option(help=f"Switch a vice off: {', '.join(NAMES)}, or all.")] = None,
    rate: Annotated[list[str] | None, typer.Option(help="Set how often a vice occurs, such as late=0.05.")] = None,
    jams: Annotated[float, typer.Option(min=0, help="How many jams form: 0 none, 1 an ordinary day.")] = 1.0,
    port: Port = None,
    endpoint_url: EndpointUrl = None,
) -> None:  # fmt: skip
    """Invent traffic on a seeded network and publish it as the real feed would be."""
    first = _instant(start) if start else _first(live, minutes)
    vices, pace, at = _vices(without or [], rate or []), _pace(speed), _endpoint(port, endpoint_url)
    target = stream or (None if xml else STREAM)
    network = invent(seed, points)
    with _errors_in_one_line(at, stream or STREAM):
        if config:
            _say(f"configuration: {put_configuration(network, config, lambda: local('s3', endpoint_url=at))}")
        if xml:
            put_configuration(network, str(xml / "configuratie.xml"), lambda: None)
        writer = TruthWriter(truth) if truth else None
        wanted = None if live else minutes
        simulated = saving(telling(simulate(network, first, wanted, seed, vices, jams), writer), xml)
        outcome = _send(when_due(simulated) if live else simulated, wanted, target, pace, at)
        if writer:
            writer.close(jam_truth(Jams(network, seed, jams), first, minutes))
    _finish(outcome, target, [])


@app.command()
def replay(
    paths: Annotated[list[Path], typer.Argument(help="Recorded minutes: .xml, .gz, or folders of them.")],
    speed: Speed = "max",
    stream: Annotated[str, typer.Option(help="Kinesis stream.")] = STREAM,
    shift_to: Annotated[str | None, typer.Option(help="Move all times so that the first minute is published then (ISO).")] = None,
    port: Port = None,
    endpoint_url: EndpointUrl = None,
) -> None:  # fmt: skip
    """Publish recorded minutes again. Damaged points are named and left out; the exit code is then 1."""
    damages: list[Damage] = []
    pace, at = _pace(speed), _endpoint(port, endpoint_url)

    def report(damage: Damage) -> None:
        damages.append(damage)
        _complain(str(damage))

    with _errors_in_one_line(at, stream):
        files = list(expand(paths))
        minutes: Iterator[Minute] = read_minutes(files, report)
        if shift_to:
            minutes = shifted(minutes, _instant(shift_to))
        outcome = _send(minutes, len(files), stream, pace, at)
    _finish(outcome, stream, damages)


@app.command(name="record")
def record_live(
    to: Annotated[Path, typer.Option(help="Folder for the minutes, one .xml.gz each.")],
    url: Annotated[str, typer.Option(help="Address of the feed.")] = LIVE,
    every: Annotated[float, typer.Option(min=0.1, help="Seconds between two looks.")] = 60.0,
    polls: Annotated[int | None, typer.Option(min=1, help="Stop after so many looks; else with Ctrl-C.")] = None,
) -> None:
    """Save each minute the feed publishes; one seen before is not saved twice."""
    saved = failed = 0
    try:
        for seen in record(url, to, every, time.sleep, polls):
            if isinstance(seen, Recorded):
                saved += seen.new
                _say(f"{seen.file}: {seen.points} points" + ("" if seen.new else ", seen before"))
            else:
                failed += 1
                _complain(str(seen))
    except KeyboardInterrupt:
        _complain("stopped")
    except OSError as error:
        _complain(f"cannot write to {to}: {error.strerror or error}")
        failed += 1
    _say(f"{saved} minutes saved to {to}, {failed} looks failed")
    raise typer.Exit(1 if failed else 0)


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
                # A feed without end is followed in a log, where no bar can be redrawn.
                _say(f"{at}: {len(minute.events)} events, {bar.tasks[task].fields['events']} since the start")

        def count(published: int) -> None:
            bar.update(task, events=bar.tasks[task].fields["events"] + published)

        yield tick, count


@contextmanager
def _errors_in_one_line(url: str, stream: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        hint = f" - create it: glue-local provision, or aws kinesis create-stream --stream-name {stream}"
        _stop(f"{code}: {message}{hint if code == 'ResourceNotFoundException' else ''}")
    except BotoCoreError as error:
        _stop(f"nothing usable answers at {url}: {error} - start it: glue-local up")
    except (OSError, ValueError) as error:
        _stop(str(error))
    except KeyboardInterrupt:
        _stop("interrupted; what was published stays published", 130)


def _finish(outcome: Outcome, stream: str | None, damages: list[Damage]) -> None:
    pace = f" in {outcome.seconds:.1f} s" if outcome.seconds else ""
    verb = f"published to {stream}" if stream else "written"
    _say(f"{outcome.published} events {verb}{pace}; {outcome.retried} sent again, {outcome.failed} failed")
    if outcome.failed:
        _complain("gave up on: " + ", ".join(f"{n} x {code}" for code, n in outcome.reasons.items()))
    if damages:
        _complain(f"{len(damages)} faults in the files, listed above; everything else was published")
    raise typer.Exit(1 if outcome.failed or damages else 0)


def _vices(without: list[str], rates: list[str]) -> Vices:
    chosen: dict[str, float] = dict.fromkeys(NAMES if "all" in without else without, 0.0)
    try:
        for text in rates:
            name, _, share = text.partition("=")
            chosen[name] = float(share)
        return Vices().but(**chosen)
    except ValueError as error:
        raise typer.BadParameter(f"{error} (write late=0.05)") from error


def _pace(speed: str) -> float | None:
    if speed == "max":
        return None
    try:
        pace = float(speed)
    except ValueError:
        pace = 0.0
    if not 0 < pace < float("inf"):
        raise typer.BadParameter(f"--speed is a number above 0, or max, not {speed!r}")
    return pace


def _instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no ISO time like 2026-03-02T06:45:00+01:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=WINTER_TIME)


def _first(live: bool, minutes: int) -> datetime:
    """Return the minute that a feed begins with if nobody says: live, the one that is published now."""
    now = system_clock()
    return now - PUBLISHED if live else last_rush_hour(now, minutes)


def _endpoint(port: int | None, endpoint_url: str | None) -> str:
    url = endpoint(port, endpoint_url)
    host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    if host.endswith(_AWS):
        raise typer.BadParameter(f"the endpoint {url!r} is AWS: the feed stays local")
    return url


def _stderr() -> Console:
    return Console(file=sys.stderr, soft_wrap=True)


def _say(text: str) -> None:
    print(text, flush=True)


def _complain(text: str) -> None:
    print(text, file=sys.stderr)


def _stop(text: str, code: int = 1) -> None:
    _complain(text)
    raise typer.Exit(code)
