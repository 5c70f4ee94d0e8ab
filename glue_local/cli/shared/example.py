"""What ``demo`` and ``compare`` share: a temporary or running server, and the example's feed on it."""

import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from glue_local.cli.shared.error_messages import CommandError
from glue_local.cli.up import end, settings_for, spawn
from glue_local.client.clients import local
from glue_local.core.clock import system_clock
from glue_local.demo.colours import clock
from glue_local.demo.timeline import Span
from glue_local.feed.delivered import Delivered
from glue_local.feed.event import Minute
from glue_local.feed.export import put_configuration
from glue_local.feed.publish import publish_minutes
from glue_local.feed.simulation.network import generate_network
from glue_local.feed.simulation.profile import last_rush_hour
from glue_local.feed.simulation.traffic import simulate
from glue_local.settings import DEFAULT_DATA_DIR, DEFAULT_PORT

_STREAM = "traffic-events"
_CONFIGURATION = "s3://traffic-raw/config/"
# Firehose delivers after its buffering interval; if no event arrives for this long, the missing ones are lost.
_PATIENCE = 120.0
# Slightly longer than that interval: events of other publishers make the count complete one buffer too early.
_ONE_MORE_BUFFER = 12.0


@dataclass
class Example:
    """A running example: its endpoint, the endpoint's URL as shown to the user, and the duration of each phase.

    ``shared`` means that the server was already running, so others may publish to it too.
    """

    url: str
    console: Console
    phases: int
    shared: bool = False
    seen_as: str = ""
    spans: list[Span] = field(default_factory=list)

    def client(self, service: str) -> Any:
        """Return a client for ``service`` at the example's server."""
        return local(service, endpoint_url=self.url)

    @contextmanager
    def phase(self, number: int, name: str) -> Iterator[None]:
        """Announce a phase and record how long it takes."""
        self.console.print(f"[bold]{number}/{self.phases}  {name}[/]")
        began = system_clock()
        yield
        self.spans.append(Span(name, "phase", began, system_clock()))


@contextmanager
def running_server(url: str, seen_as: str | None, phases: int, console: Console) -> Iterator[Example]:
    """Use a server that is already running, and leave it running."""
    example = Example(url, console, phases, shared=True, seen_as=seen_as or url)
    with example.phase(1, "Server"):
        console.print(f"{url} (already running)")
    yield example


@contextmanager
def own_server(port: int | None, keep: bool, phases: int, console: Console) -> Iterator[Example]:
    """Start a server for the command and stop it afterwards, unless ``keep`` is set."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="glue-local-demo-", ignore_cleanup_errors=True) as scratch:
        data_dir = DEFAULT_DATA_DIR if keep else Path(scratch)
        example = Example("", console, phases)
        with example.phase(1, "Server"):
            process, taken = spawn(settings_for(_port() if port is None else port, data_dir))
            example.url = example.seen_as = f"http://localhost:{taken}"
            console.print(f"{example.url} ({'kept running' if keep else 'stopped when the command ends'})")
        try:
            yield example
        finally:
            if not keep:
                end(process)


def _port() -> int:
    """Return the default port if it is free, else 0, which picks a free port."""
    with socket.socket() as probe:
        return 0 if probe.connect_ex(("127.0.0.1", DEFAULT_PORT)) == 0 else DEFAULT_PORT


def check_writable(folder: Path, option: str) -> None:
    """Create the folder of the report; raises CommandError now, before the long run, if it is not writable."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"cannot create the report's folder {folder}: {error.strerror}") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CommandError(
            f"user {os.getuid()} cannot write to the report's folder {folder}: choose another with {option};"
            " with Compose, run `make demo-compose` or set UID and GID in .env"
        )


def publish(running: Example, minutes: int, points: int, seed: int, skipped: int = 0) -> int:
    """Publish simulated traffic of the latest rush hour, without its first ``skipped`` minutes; return the number of events."""
    network = generate_network(seed, points)
    put_configuration(network, _CONFIGURATION, partial(running.client, "s3"))
    first = last_rush_hour(system_clock(), minutes)
    begins, published = first + timedelta(minutes=skipped), minutes - skipped
    running.console.print(f"{published} minutes from {clock(begins)} of {begins:%-d %B %Y}, {points} measuring points")
    with _bar(running.console, "events", published * points) as advance:
        whole: Iterator[Minute] = (minute for minute, _ in simulate(network, first, minutes, seed))
        traffic = islice(whole, skipped, None)
        outcome = publish_minutes(traffic, running.client("kinesis"), _STREAM, progress=advance)
    if outcome.failed:
        reasons = ", ".join(f"{count} x {code}" for code, count in outcome.reasons.items())
        raise CommandError(f"failed to publish {outcome.failed} events: {reasons}")
    return outcome.published


def await_delivery(running: Example, delivered: Delivered, there: int, published: int) -> int:
    """Wait until S3 holds all published events in addition to the ``there`` events it held before."""
    seen, moved = 0, time.monotonic()
    with _bar(running.console, "events", published) as advance:
        while seen < published:
            now = delivered.count() - there
            if now > seen:
                advance(now - seen)
                seen, moved = now, time.monotonic()
            elif time.monotonic() - moved > _PATIENCE:
                raise CommandError(
                    f"{published - seen} of {published} events did not arrive in S3 within {_PATIENCE:.0f} s"
                )
            else:
                time.sleep(0.5)
    if running.shared:
        time.sleep(_ONE_MORE_BUFFER)
    return seen


@contextmanager
def _bar(console: Console, unit: str, total: int) -> Iterator[Callable[[int], None]]:
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn(unit), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=total)

        def advance(count: int) -> None:
            done = progress.tasks[0].completed + count
            # The feed repeats some events, so there can be more than points times minutes.
            progress.update(task, completed=done, total=max(total, done))

        yield advance
