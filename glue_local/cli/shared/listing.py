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

_BLOCKS = 120  # columns: wider rows of data are shown as blocks if the output is no terminal
_UNLIMITED = 10_000  # so that a line of a pipe is a row


def show(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], as_json: bool, empty: str) -> None:
    """Print ``rows`` with the ``columns`` {heading: key}, or as JSON; ``empty`` is what to say if there are none."""
    if as_json:
        print(json.dumps(list(rows), indent=2, default=plain, ensure_ascii=False))
    elif rows:
        width = None if sys.stdout.isatty() else _UNLIMITED
        Console(highlight=False, emoji=False, width=width).print(table(rows, columns))
    else:
        print(empty, file=sys.stderr)


def table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> Table:
    """Return a table of ``rows`` whose last column is folded to the width of the terminal.

    A heading that begins with ``#`` is a number's, without the ``#``.
    """
    found = Table(box=None, header_style="bold", pad_edge=False)
    last = list(columns)[-1]
    for heading in columns:
        justify: Any = "right" if heading.startswith("#") else "left"
        overflow: Any = "fold" if heading == last else "ellipsis"
        found.add_column(heading.removeprefix("#"), justify=justify, overflow=overflow, no_wrap=heading != last)
    for row in rows:
        found.add_row(*(Text(cell(row.get(key))) for key in columns.values()))
    return found


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
    console = Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else _BLOCKS)
    if sum(widths) + 2 * len(widths) <= console.width:
        show(rows, {name: name for name in names}, False, empty)
        return
    for number, row in enumerate(rows, 1):
        console.print(Text(f"row {number}", style="bold"))
        for name in names:
            console.print(Text(f"  {name:{max(map(len, names))}}  {cell(row.get(name))}"), soft_wrap=True)
