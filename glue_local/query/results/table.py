"""Format rows as ``<id>.csv``: every value quoted, NULL empty without quotes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from glue_local.query.results.types import text_of
from glue_local.query.statement import Column


def header(columns: Sequence[Column]) -> bytes:
    """Return the first line: the names of the columns."""
    return (",".join(_quoted(column.name) for column in columns) + "\n").encode()


def lines(columns: Sequence[Column], pages: Iterable[Sequence[Sequence[Any]]]) -> Iterator[bytes]:
    """Yield the lines of each page of rows."""
    writers = [text_of(column.type) for column in columns]
    for page in pages:
        text = "".join(
            ",".join("" if value is None else _quoted(write(value)) for write, value in zip(writers, row, strict=True))
            + "\n"
            for row in page
        )
        if text:
            yield text.encode()


def plain(rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as the text of ``<id>.txt``: values separated by tabs."""
    return "".join("\t".join("" if value is None else str(value) for value in row) + "\n" for row in rows)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
