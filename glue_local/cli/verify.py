"""``glue-local verify``: a small set through a promoted pipeline, its rows held against the local ones."""

import json
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.console import Console
from rich.table import Table

from glue_local.cli.credentials import NoProfile, Profile, credentials
from glue_local.cli.execute import follow, start
from glue_local.cli.options import EndpointUrl, Port
from glue_local.cli.provision import apply
from glue_local.cli.refusal import Refusal
from glue_local.cli.steps import show_differences
from glue_local.cli.up import end, settings_for, spawn
from glue_local.clients import REGION, endpoint, local
from glue_local.executions import explained
from glue_local.promote.desired import Resource, desired, project
from glue_local.promote.kinds import Account
from glue_local.promote.overlay import staged, with_buckets_of
from glue_local.promote.reach import Credentials, account_of
from glue_local.verify import prices
from glue_local.verify.copies import NotRemoved, Unsuited, copies, left_copies, machine_takes
from glue_local.verify.cost import Line, estimate, total
from glue_local.verify.definition import Verification, verification
from glue_local.verify.rows import Tables, compare, load, read_tables, save
from glue_local.verify.small_set import Incomplete, await_delivery, publish

LOCAL = "local"
_SETTLE = 60.0  # seconds until a delivery stream in AWS reads what is put into its stream

app = typer.Typer(add_completion=False)


@dataclass(frozen=True)
class Pipeline:
    """A pipeline in an account, or at the local endpoint, that is to be verified."""

    name: str
    account: Account
    asked: Verification
    resources: list[Resource]

    @property
    def free(self) -> bool:
        """Whether nobody pays for what is done there."""
        return self.name == LOCAL


@app.command(name="verify")
def verify_command(
    stage: Annotated[str, typer.Argument(help="A stage of glue-local.yaml; `local` is the local endpoint.")],
    file: Annotated[Path, typer.Option("--file", "-f", help="The definitions.")] = Path("glue-local.yaml"),
    minutes: Annotated[int, typer.Option(min=1, help="Simulated minutes of the set.")] = 5,
    points: Annotated[int, typer.Option(min=1, help="Measuring points of the set.")] = 200,
    expected: Annotated[Path | None, typer.Option(help="Compare with the rows that --save kept, and run nothing locally.")] = None,
    kept: Annotated[Path | None, typer.Option("--save", help="Keep the local rows in this file.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave what was made, to look at; --left ID removes it.")] = False,
    left: Annotated[str | None, typer.Option(metavar="ID", help="Run nothing there: compare again what --keep left, and remove it.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    port: Port = None,
    endpoint_url: EndpointUrl = None,
    profile: Profile = None,
    no_profile: NoProfile = False,
) -> None:  # fmt: skip
    """Run a small set through a promoted pipeline and compare its rows with the local ones.

    Exit code 0: equal, row for row; 1: not, or it could not be told.
    """
    # What was made is removed then as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    console = Console(soft_wrap=True, highlight=False)
    at, whose = endpoint(port, endpoint_url), credentials(profile, no_profile)
    if stage == LOCAL and whose != Credentials():
        raise Refusal("the local endpoint takes no profile: leave --profile and --no-profile out")
    with _in_words():
        asked = _local(file, at) if stage == LOCAL else _staged(file, stage, whose)
        machine_takes(asked.account, asked.asked)
        if not left:
            _show(console, asked, estimate(asked.resources, asked.asked.state_machine, minutes * points))
            _confirm(asked, yes)
        run = partial(_rows, minutes=minutes, points=points, console=console)
        wanted = _saved(expected) if expected else _here(file, console, run)
        if kept:
            kept.write_text(save(wanted))
        console.print(f"[bold]the result of {_where(asked)}[/]")
        found = _left(asked, left, keep, console) if left else run(asked, keep=keep)
    differing = compare(wanted, found)
    counts = ", ".join(f"{len(rows)} {name}" for name, rows in wanted.items())
    if differing:
        show_differences(console, differing)
        raise Refusal(f"{stage} differs from the local result in {', '.join(differing)} (locally {counts})")
    console.print(f"{stage} equals the local result, row for row: {counts}", style="green")


def _local(file: Path, url: str) -> Pipeline:
    client = cache(lambda service: local(service, endpoint_url=url))
    account = Account(client, REGION, str(client("sts").get_caller_identity()["Account"]))
    resources = desired(file, REGION, account.id)
    return Pipeline(LOCAL, account, verification(project(file), resources), resources)


def _staged(file: Path, name: str, whose: Credentials) -> Pipeline:
    wanted = staged(file, name)
    stage, resources = wanted.stage, [*wanted.resources, *wanted.used]
    account = account_of(stage, whose)
    asked = verification(project(file), resources, partial(with_buckets_of, stage))
    return Pipeline(name, account, asked, resources)


def _here(file: Path, console: Console, run: Callable[..., Tables]) -> Tables:
    """Return the rows of the same set on a server that is started for it."""
    console.print("[bold]the local result, on a server of its own[/]")
    with tempfile.TemporaryDirectory(prefix="glue-local-verify-", ignore_cleanup_errors=True) as scratch:
        settings = settings_for(0, Path(scratch))
        if settings.upstream:
            raise Refusal(
                f"GLUE_LOCAL_UPSTREAM is {settings.upstream}, which the local result would be made in: unset it"
            )
        process, port = spawn(settings)
        try:
            url = endpoint(port)
            apply(file, url, Console(quiet=True))
            return run(_local(file, url))
        finally:
            end(process)


def _saved(file: Path) -> Tables:
    try:
        return load(file.read_text())
    except OSError as error:
        raise Refusal(f"{file}: cannot be read: {error.strerror}") from None
    except ValueError:
        raise Refusal(f"{file}: holds no rows that `glue-local verify --save` kept") from None


def _rows(pipeline: Pipeline, *, minutes: int, points: int, console: Console, keep: bool = False) -> Tables:
    """Publish the set into copies of a pipeline's places, execute its state machine on them; return the rows."""
    account, asked, clients = pipeline.account, pipeline.asked, pipeline.account.clients
    with copies(account, asked, pipeline.resources, uuid4().hex[:8], keep, console.print) as made:
        console.print(f"below {made.prefix} in {', '.join(made.buckets)}; database {made.database}", style="dim")
        published = publish(account, made, minutes, points, 0.0 if pipeline.free else _SETTLE)
        console.print(f"{published} events published; waiting for {made.delivery_stream}", style="dim")
        await_delivery(clients("s3"), made, published)
        arn = start(clients("stepfunctions"), asked.state_machine, json.dumps(made.input))
        ended = _followed(clients("stepfunctions"), arn, console)
        if ended["status"] != "SUCCEEDED":
            reason = explained(ended.get("error"), ended.get("cause")) or "no reason was given"
            raise Refusal(f"{asked.state_machine} of {_where(pipeline)}: {ended['status']}: {reason}")
        return read_tables(clients("glue"), clients("s3"), made, asked)


def _left(pipeline: Pipeline, unique: str, keep: bool, console: Console) -> Tables:
    account, asked = pipeline.account, pipeline.asked
    with left_copies(account, asked, pipeline.resources, unique, keep, console.print) as made:
        return read_tables(account.clients("glue"), account.clients("s3"), made, asked)


def _followed(client: Any, arn: str, console: Console) -> dict[str, Any]:
    try:
        return follow(client, arn, console)
    except BaseException:
        # What it writes to is about to be removed.
        client.stop_execution(executionArn=arn, cause="glue-local verify was interrupted")
        raise


def _show(console: Console, asked: Pipeline, lines: list[Line]) -> None:
    console.print(f"[bold]Estimated cost[/] of one verification in AWS, USD, list prices of {prices.REGION}, {prices.AS_OF}")  # fmt: skip
    table = Table("service", "what", "USD", box=None, header_style="bold", pad_edge=False)
    table.columns[2].justify = "right"
    for line in lines:
        table.add_row(line.service, line.what, f"{line.usd:.4f}")
    table.add_row("", "together", f"{total(lines):.2f}", style="bold")
    console.print(table)
    elsewhere = "" if asked.account.region == prices.REGION else f" {asked.account.region} may differ."
    console.print(f"An estimate: run times and requests are assumed; no taxes, free tiers or discounts.{elsewhere}")
    if asked.free:
        console.print("The local endpoint asks nothing.")


def _where(pipeline: Pipeline) -> str:
    return f"{pipeline.name} (account {pipeline.account.id}, {pipeline.account.region})"


def _confirm(asked: Pipeline, yes: bool) -> None:
    if yes or asked.free:
        return
    if not sys.stdin.isatty():
        raise Refusal("nobody is there to be asked: say --yes")
    if not typer.confirm(f"Run it in account {asked.account.id}?"):
        raise Refusal("nothing was made")


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (Unsuited, Incomplete, NotRemoved) as error:
        raise Refusal(str(error)) from None
