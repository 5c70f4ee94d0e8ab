"""``glue-local verify``: run a small sample through a promoted pipeline and compare its rows with the local ones."""

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

from glue_local import prices
from glue_local.cli.execute import follow, start
from glue_local.cli.provision import apply
from glue_local.cli.shared.credentials import NoProfile, Profile, credentials
from glue_local.cli.shared.endpoints import endpoint
from glue_local.cli.shared.error_messages import CommandError
from glue_local.cli.shared.options import EndpointUrl, Port
from glue_local.cli.shared.promotion_output import show_differences
from glue_local.cli.up import end, settings_for, spawn
from glue_local.client.clients import REGION, local
from glue_local.client.executions import explained
from glue_local.promote.account_access import Credentials, account_of
from glue_local.promote.definition.desired import Resource, desired, project
from glue_local.promote.definition.overlay import staged, with_buckets_of
from glue_local.promote.kinds import Account
from glue_local.verify.copies import NotRemoved, Unsuited, copies, left_copies, machine_takes
from glue_local.verify.cost import Line, estimate, total
from glue_local.verify.definition import Verification, verification
from glue_local.verify.rows import Tables, compare, load, save
from glue_local.verify.sample import Incomplete, await_delivery, publish
from glue_local.verify.tables import read_tables

LOCAL = "local"
_SETTLE = 60.0  # seconds until a new delivery stream in AWS reads its Kinesis stream

app = typer.Typer(add_completion=False)


@dataclass(frozen=True)
class Pipeline:
    """The pipeline to verify, in an AWS account or on the local server."""

    name: str
    account: Account
    asked: Verification
    resources: list[Resource]

    @property
    def free(self) -> bool:
        """Whether running it costs nothing."""
        return self.name == LOCAL


@app.command(name="verify")
def verify_command(
    stage: Annotated[str, typer.Argument(help="Stage in glue-local.yaml, or `local` for the local server.")],
    file: Annotated[Path, typer.Option("--file", "-f", help="Definitions file.")] = Path("glue-local.yaml"),
    minutes: Annotated[int, typer.Option(min=1, help="Minutes of traffic in the sample.")] = 5,
    points: Annotated[int, typer.Option(min=1, help="Measuring points in the sample.")] = 200,
    expected: Annotated[Path | None, typer.Option(help="Compare with rows saved by --save instead of running locally.")] = None,
    kept: Annotated[Path | None, typer.Option("--save", help="Save the local rows to this file.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the temporary resources; --left ID removes them.")] = False,
    left: Annotated[str | None, typer.Option(metavar="ID", help="Compare resources that --keep left, without a new execution, and remove them.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    port: Port = None,
    endpoint_url: EndpointUrl = None,
    profile: Profile = None,
    no_profile: NoProfile = False,
) -> None:  # fmt: skip
    """Run a small sample through a promoted pipeline and compare its rows with the local ones.

    Exits with 0 if all rows are equal, 1 if they differ or the comparison failed.
    """
    # Exit through the finally blocks, so that temporary resources are removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    console = Console(soft_wrap=True, highlight=False, emoji=False)
    at, access = endpoint(port, endpoint_url), credentials(profile, no_profile)
    if stage == LOCAL and access != Credentials():
        raise CommandError("the local server takes no profile: remove --profile or --no-profile")
    with _as_command_errors():
        asked = _local(file, at) if stage == LOCAL else _staged(file, stage, access)
        machine_takes(asked.account, asked.asked)
        if not left:
            _show(console, asked, estimate(asked.resources, asked.asked.state_machine, minutes * points))
            _confirm(asked, yes)
        run = partial(_rows, minutes=minutes, points=points, console=console)
        wanted = _saved(expected) if expected else _here(file, console, run)
        if kept:
            kept.write_text(save(wanted))
        console.print(f"[bold]Result of {_where(asked)}[/]")
        found = _left(asked, left, keep, console) if left else run(asked, keep=keep)
    differing = compare(wanted, found)
    counts = ", ".join(f"{len(rows)} {name}" for name, rows in wanted.items())
    if differing:
        show_differences(console, differing)
        raise CommandError(f"{stage} differs from the local result in {', '.join(differing)} (local: {counts})")
    console.print(f"{stage} equals the local result, row for row: {counts}", style="green")


def _local(file: Path, url: str) -> Pipeline:
    client = cache(lambda service: local(service, endpoint_url=url))
    account = Account(client, REGION, str(client("sts").get_caller_identity()["Account"]))
    resources = desired(file, REGION, account.id)
    return Pipeline(LOCAL, account, verification(project(file), resources), resources)


def _staged(file: Path, name: str, access: Credentials) -> Pipeline:
    wanted = staged(file, name)
    stage, resources = wanted.stage, [*wanted.resources, *wanted.used]
    account = account_of(stage, access)
    asked = verification(project(file), resources, partial(with_buckets_of, stage))
    return Pipeline(name, account, asked, resources)


def _here(file: Path, console: Console, run: Callable[..., Tables]) -> Tables:
    """Return the rows of the same sample, processed on a temporary local server."""
    console.print("[bold]Local result, on a temporary server[/]")
    with tempfile.TemporaryDirectory(prefix="glue-local-verify-", ignore_cleanup_errors=True) as scratch:
        settings = settings_for(0, Path(scratch))
        if settings.upstream:
            raise CommandError(
                f"GLUE_LOCAL_UPSTREAM is set: the local result would be computed in {settings.upstream}; unset it"
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
        raise CommandError(f"cannot read {file}: {error.strerror}") from None
    except ValueError:
        raise CommandError(f"{file} was not written by `glue-local verify --save`") from None


def _rows(pipeline: Pipeline, *, minutes: int, points: int, console: Console, keep: bool = False) -> Tables:
    """Publish the sample to copies of a pipeline's resources, execute its state machine on them; return the rows."""
    account, asked, clients = pipeline.account, pipeline.asked, pipeline.account.clients
    with copies(account, asked, pipeline.resources, uuid4().hex[:8], keep, console.print) as made:
        console.print(f"prefix {made.prefix} in {', '.join(made.buckets)}; database {made.database}", style="dim")
        published = publish(account, made, minutes, points, 0.0 if pipeline.free else _SETTLE)
        console.print(f"published {published} events; waiting for {made.delivery_stream}", style="dim")
        await_delivery(clients("s3"), made, published)
        arn = start(clients("stepfunctions"), asked.state_machine, json.dumps(made.input))
        ended = _followed(clients("stepfunctions"), arn, console)
        if ended["status"] != "SUCCEEDED":
            reason = explained(ended.get("error"), ended.get("cause")) or "no reason given"
            raise CommandError(f"{asked.state_machine} of {_where(pipeline)}: {ended['status']}: {reason}")
        return read_tables(clients("glue"), clients("s3"), made, asked)


def _left(pipeline: Pipeline, unique: str, keep: bool, console: Console) -> Tables:
    account, asked = pipeline.account, pipeline.asked
    with left_copies(account, asked, pipeline.resources, unique, keep, console.print) as made:
        return read_tables(account.clients("glue"), account.clients("s3"), made, asked)


def _followed(client: Any, arn: str, console: Console) -> dict[str, Any]:
    try:
        return follow(client, arn, console)
    except BaseException:
        # The resources it writes to are about to be removed.
        client.stop_execution(executionArn=arn, cause="glue-local verify was interrupted")
        raise


def _show(console: Console, asked: Pipeline, lines: list[Line]) -> None:
    console.print(f"[bold]Estimated cost[/] of one verification in AWS, in USD, at list prices of {prices.REGION}, {prices.AS_OF}")  # fmt: skip
    table = Table("service", "what", "USD", box=None, header_style="bold", pad_edge=False)
    table.columns[2].justify = "right"
    for line in lines:
        table.add_row(line.service, line.what, f"{line.usd:.4f}")
    table.add_row("", "total", f"{total(lines):.2f}", style="bold")
    console.print(table)
    elsewhere = "" if asked.account.region == prices.REGION else f" Prices in {asked.account.region} may differ."
    console.print(f"Run times and requests are assumed; taxes, free tiers and discounts are not included.{elsewhere}")
    if asked.free:
        console.print("On the local server it costs nothing.")


def _where(pipeline: Pipeline) -> str:
    return f"{pipeline.name} (account {pipeline.account.id}, {pipeline.account.region})"


def _confirm(asked: Pipeline, yes: bool) -> None:
    if yes or asked.free:
        return
    if not sys.stdin.isatty():
        raise CommandError("cannot ask for confirmation without a terminal: pass --yes")
    if not typer.confirm(f"Run it in account {asked.account.id}?"):
        raise CommandError("nothing was created")


@contextmanager
def _as_command_errors() -> Iterator[None]:
    try:
        yield
    except (Unsuited, Incomplete, NotRemoved) as error:
        raise CommandError(str(error)) from None
