"""``glue-local sql``: run statements with Athena and show their results, or open a prompt."""

import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from glue_local.cli.shared.endpoints import endpoint
from glue_local.cli.shared.error_messages import CommandError
from glue_local.cli.shared.options import EndpointUrl, Port
from glue_local.cli.sql.formats import Format, Output, format_of
from glue_local.cli.sql.prompt import Prompt
from glue_local.cli.sql.session import Interrupted, Session
from glue_local.cli.sql.statements import complete
from glue_local.client.athena import QueryFailed
from glue_local.client.clients import REGION, local
from glue_local.settings import machine

INTERRUPTED = 130

app = typer.Typer(add_completion=False)


@app.command()
def sql(
    statement: Annotated[str | None, typer.Argument(help="SQL statement. If omitted, standard input is read, or a prompt opened in a terminal.", show_default=False)] = None,
    database: Annotated[str, typer.Option("--database", "-d", help="Database of unqualified table names.")] = "default",
    work_group: Annotated[str, typer.Option("--work-group", "-w", help="Athena work group of the queries.")] = "primary",
    shown_as: Annotated[Format | None, typer.Option("--format", "-f", help="Format of the result.", show_default="table in a terminal, else csv")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write the result to; its suffix determines the format.")] = None,
    port: Port = None,
    endpoint_url: EndpointUrl = None,
) -> None:  # fmt: skip
    """Run Athena queries from an argument, standard input or a prompt. Ctrl-C stops the query."""
    url = endpoint(port, endpoint_url)
    session = Session(cache(lambda service: local(service, endpoint_url=url)), REGION, database, work_group)
    if statement is None and sys.stdin.isatty():
        if output:
            raise CommandError("--output needs a statement: pass it as an argument or on standard input")
        Prompt(session, shown_as or Format.table, machine().cache / "sql-history").run()
        return
    statements = _statements(sys.stdin.read() if statement is None else statement)
    try:
        _run(session, statements, Output(format_of(shown_as, output), output))
    except QueryFailed as failed:
        raise CommandError(f"{failed.state}: {' '.join(str(failed).split())}") from None
    except Interrupted:
        Console(stderr=True, emoji=False).print("stopped the query", style="yellow")
        raise typer.Exit(INTERRUPTED) from None


def _statements(text: str) -> list[str]:
    statements, rest = complete(text)
    found = [*statements, rest] if rest else statements
    if not found:
        raise CommandError("no statement: pass one as an argument or on standard input")
    return found


def _run(session: Session, statements: Sequence[str], output: Output) -> None:
    if len(statements) > 1 and output.file:
        raise CommandError(f"--output takes the result of one statement, not of {len(statements)}")
    for each in statements:
        with output.opened() as write:
            write(session.run(each))
