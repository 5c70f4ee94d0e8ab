"""Results as a table, CSV, JSON or Parquet, in the terminal or in a file."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from importlib import import_module
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import IO, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from glue_local.cli.shared.error_messages import CommandError
from glue_local.cli.sql.session import Answer
from glue_local.client.athena_values import records
from glue_local.prerequisites import extras

SHOWN = 1000
"""The maximum number of rows of a result in the format table."""
_NUMBERS = frozenset(("tinyint", "smallint", "integer", "bigint", "float", "double", "decimal"))


class Format(str, Enum):
    """The format of a result."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


def format_of(given: Format | None, file: Path | None) -> Format:
    """Return the given format, else that of the file's suffix, else table in a terminal and CSV elsewhere."""
    if given:
        return given
    if file:
        return next((each for each in Format if file.suffix == f".{each.value}"), Format.csv)
    return Format.table if sys.stdout.isatty() else Format.csv


class Output:
    """Where results are written. A file is replaced only after the whole result was written."""

    def __init__(self, shown_as: Format, file: Path | None) -> None:
        self.file = file
        self._write = _WRITERS[shown_as]
        if shown_as is Format.parquet:
            extras.check("parquet", "--format parquet")
            if file is None and sys.stdout.isatty():
                raise CommandError("--format parquet is binary: add --output FILE")

    @contextmanager
    def opened(self) -> Iterator[Callable[[Answer], None]]:
        """Provide a function that writes a result; raises CommandError before the query if the file cannot be written."""
        if self.file is None:
            yield lambda answer: self._write(answer, sys.stdout.buffer)
            sys.stdout.flush()
            return
        try:
            draft = tempfile.NamedTemporaryFile(dir=self.file.parent, prefix=f".{self.file.name}-", delete=False)  # noqa: SIM115
        except OSError as error:
            raise CommandError(f"cannot write to --output {self.file}: {error.strerror}") from None
        try:
            with draft:
                yield lambda answer: self._write(answer, draft.file)
            Path(draft.name).replace(self.file)
        finally:
            Path(draft.name).unlink(missing_ok=True)


def _write_table(answer: Answer, to: IO[bytes]) -> None:
    if not answer.tabular:
        for row in answer.result.rows:
            to.write(("\t".join(value or "" for value in row) + "\n").encode())
        _write_note(answer, 0, to)
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in answer.result.columns:
        table.add_column(Text(column.name), justify="right" if column.type in _NUMBERS else "left", overflow="fold")
    rows = answer.result.rows
    for row in islice(rows, SHOWN):
        table.add_row(*(Text("NULL", style="dim") if value is None else Text(value) for value in row))
    console = Console(highlight=False, emoji=False)
    with console.capture() as drawn:
        console.print(table)
    to.write(drawn.get().encode())
    _write_note(answer, table.row_count, to, more=next(rows, None) is not None)


def _write_note(answer: Answer, shown: int, to: IO[bytes], more: bool = False) -> None:
    statistics = answer.query["Statistics"]
    seconds = statistics.get("TotalExecutionTimeInMillis", 0) / 1000
    scanned = f"{statistics.get('DataScannedInBytes', 0):,} bytes scanned, {seconds:.2f} s"
    if more:
        note = f"the first {shown:,} rows; --format csv writes all of them"
    elif answer.result.updated is not None:
        note = f"{_rows(answer.result.updated)} written"
    else:
        note = _rows(shown) if answer.tabular else "done"
    console = Console(highlight=False, emoji=False)
    with console.capture() as drawn:
        console.print(f"{note}, {scanned}", style="dim")
    to.write(drawn.get().encode())


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _write_csv(answer: Answer, to: IO[bytes]) -> None:
    """Write CSV in Athena's format: every value is quoted, NULL is empty."""
    if answer.result.columns and answer.result.updated is None:
        to.write(_line([column.name for column in answer.result.columns]))
    for row in answer.result.rows:
        to.write(_line(row))


def _line(values: list[str] | list[str | None]) -> bytes:
    quoted = ("" if value is None else '"' + value.replace('"', '""') + '"' for value in values)
    return (",".join(quoted) + "\n").encode()


def _write_json(answer: Answer, to: IO[bytes]) -> None:
    before = "[\n"
    for record in records(answer.result.columns, answer.result.rows):
        plain = {name: _plain(value) for name, value in record.items()}
        to.write(f"{before}{json.dumps(plain, ensure_ascii=False)}".encode())
        before = ",\n"
    to.write(b"[]\n" if before == "[\n" else b"\n]\n")


def _plain(value: Any) -> Any:
    """Convert a value for JSON: decimals, dates, bytes, NaN and infinity become text."""
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, Decimal) else value


def _write_parquet(answer: Answer, to: IO[bytes]) -> None:
    # Imported by name: pyarrow belongs to the extra parquet.
    import_module("glue_local.cli.sql.parquet").write(answer, to)


_WRITERS: dict[Format, Callable[[Answer, IO[bytes]], None]] = {
    Format.table: _write_table,
    Format.csv: _write_csv,
    Format.json: _write_json,
    Format.parquet: _write_parquet,
}
