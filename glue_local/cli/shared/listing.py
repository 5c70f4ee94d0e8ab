"""Print what a command found: a table that fits 80 columns, or JSON."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

_PIPED = 120  # columns of output that is no terminal: pipes have no width


def show(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], as_json: bool, empty: str) -> None:
    """Print ``rows`` with the ``columns`` {heading: key}, or as JSON; ``empty`` is what to say if there are none.

    The last column is shortened to the width of the terminal, the others are not; a heading that begins with ``#`` is
    a number's, without the ``#``.
    """
    if as_json:
        print(json.dumps(list(rows), indent=2, default=plain, ensure_ascii=False))
        return
    if not rows:
        print(empty, file=sys.stderr)
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    last = list(columns)[-1]
    for heading in columns:
        number = heading.startswith("#")
        overflow: Any = "ellipsis" if heading == last else "fold"
        table.add_column(
            heading.removeprefix("#"), justify="right" if number else "left", no_wrap=heading == last, overflow=overflow
        )
    for row in rows:
        table.add_row(*(Text(cell(row.get(key))) for key in columns.values()))
    Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else _PIPED).print(table)


def cell(value: Any) -> str:
    """Return a value as text in one line."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        local = value.astimezone() if value.tzinfo else value
        return local.strftime("%Y-%m-%d %H:%M:%S")
    text = value if isinstance(value, str) else json.dumps(value, default=plain, ensure_ascii=False).strip('"')
    return " ".join(text.split())


def plain(value: Any) -> Any:
    """Return a value that JSON has no type for as text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return str(value)


def records(rows: Sequence[Mapping[str, Any]], as_json: bool, empty: str) -> None:
    """Print rows of data: as a table if it fits the terminal, else each row as a block of ``column  value`` lines."""
    if as_json or not rows:
        show(rows, {}, as_json, empty)
        return
    names = list(dict.fromkeys(name for row in rows for name in row))
    widths = [max(len(name), *(len(cell(row.get(name))) for row in rows)) for name in names]
    console = Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else _PIPED)
    if sum(widths) + 2 * len(widths) <= console.width:
        show(rows, {name: name for name in names}, False, empty)
        return
    for number, row in enumerate(rows, 1):
        console.print(Text(f"row {number}", style="bold"))
        for name in names:
            console.print(Text(f"  {name:{max(map(len, names))}}  {cell(row.get(name))}"), soft_wrap=True)
