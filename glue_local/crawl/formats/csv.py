"""CSV with one of the delimiters ``, | \\t ; ^A``, and AWS's rules for a header.

https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html#classifier-builtin-rules
"""

import csv
import re
from collections import Counter
from dataclasses import dataclass

from glue_local.crawl.formats.found import Found
from glue_local.crawl.formats.text import decoded
from glue_local.crawl.sample import Sample
from glue_local.crawl.types import STRING, Columns, Type, merge

DELIMITERS = (",", "|", "\t", ";", "\x01")
_MOST_ROWS = 1000
_LONGEST_NAME = 150
_FEWEST_ROWS = 2
_NAME = re.compile(r"[\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF\t]+")
_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_SHARE = 0.7  # of the rows that must have the usual number of columns

Rows = list[list[str]]


@dataclass(frozen=True)
class Dialect:
    """How to read CSV. The default is the built-in classifier; ``header`` is PRESENT, ABSENT or UNKNOWN.

    ``names`` and ``types`` (those of the Data Catalog) are of columns in order; they replace what is found.
    """

    delimiters: tuple[str, ...] = DELIMITERS
    quote: str = '"'
    header: str = "UNKNOWN"
    names: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    trim: bool = True
    fewest_columns: int = 2
    open_csv: bool = False


def recognise(sample: Sample, dialect: Dialect | None = None) -> Found | None:
    """Return the columns of a CSV file: by the names in its header, or ``col0``, ``col1``, … without one."""
    dialect = dialect or Dialect()
    text = decoded(sample)
    if not text:
        return None
    lines = text.splitlines(keepends=True)
    if not sample.is_complete and len(lines) > 1:
        lines = lines[:-1]
    lines = [line for line in lines[:_MOST_ROWS] if line.strip()]
    parsed = [(delimiter, rows) for delimiter in dialect.delimiters if (rows := _rows(lines, delimiter, dialect))]
    if not parsed:
        return None
    delimiter, rows = max(parsed, key=lambda one: _regularity(one[1]))
    if dialect.names and len(dialect.names) != _width(rows):
        return None
    return _found(sample, delimiter, rows, lines, dialect)


def _found(sample: Sample, delimiter: str, rows: Rows, lines: list[str], dialect: Dialect) -> Found:
    has_header, columns = _columns(rows, dialect)
    used = sum(len(line.encode()) for line in lines)
    share = (
        1.0 if sample.is_complete and len(lines) < _MOST_ROWS else sample.size * len(sample.head) / sample.read / used
    )
    records = max(len(rows) * max(share, 1.0) - has_header, 1)
    parameters = {
        "areColumnsQuoted": str(any(line.startswith('"') for line in lines)).lower(),
        "columnsOrdered": "true",
        "delimiter": delimiter,
        **({"skip.header.line.count": "1"} if has_header else {}),
    }
    layout = (delimiter, str(has_header), dialect.quote, str(dialect.open_csv))
    serde = {"field.delim": delimiter}
    if dialect.open_csv:
        serde = {"separatorChar": delimiter, "quoteChar": dialect.quote, "escapeChar": "\\"}
    storage = "opencsv" if dialect.open_csv else "csv"
    return Found("csv", sample.compression, columns, records, used / len(lines), serde, parameters, layout, storage)


def _columns(rows: Rows, dialect: Dialect) -> tuple[bool, Columns]:
    """Return whether the first row is a header, and the columns."""
    width = _width(rows)
    types = [_column_types(rows[1:], at, dialect) for at in range(width)]
    has_header = dialect.header == "PRESENT" or (dialect.header == "UNKNOWN" and _is_header(rows[0], types))
    if not has_header:
        first = [_type(cell, dialect) for cell in rows[0]]
        types = [merge(first[at] if at < len(first) else None, each) for at, each in enumerate(types)]
    names = list(dialect.names) or (_names(rows[0], width) if has_header else [f"col{at}" for at in range(width)])
    types[: len(dialect.types)] = dialect.types[:width]
    return has_header, {name: each or STRING for name, each in zip(names, types, strict=True)}


def _rows(lines: list[str], delimiter: str, dialect: Dialect) -> Rows | None:
    """Return the rows, None if they are not a table with enough columns and at least two rows."""
    if len(lines) < _FEWEST_ROWS or (delimiter not in lines[0] and dialect.fewest_columns > 1):
        return None
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter, quotechar=dialect.quote) if row]
    except csv.Error:
        return None
    fewest = dialect.fewest_columns
    if len(rows) < _FEWEST_ROWS or _width(rows) < fewest or len(rows[0]) < fewest:
        return None
    return rows if _regularity(rows)[0] >= _SHARE else None


def _width(rows: Rows) -> int:
    return Counter(map(len, rows)).most_common(1)[0][0]


def _regularity(rows: Rows) -> tuple[float, int]:
    width = _width(rows)
    return sum(len(row) == width for row in rows) / len(rows), width


def _column_types(rows: Rows, at: int, dialect: Dialect) -> Type:
    found: Type = None
    for row in rows:
        if at < len(row):
            found = merge(found, _type(row[at], dialect))
    return found


def _is_header(first: list[str], types: list[Type]) -> bool:
    """Return whether the first row is a header: AWS requires text in every cell, and another type in other rows."""
    *cells, last = first
    named = all(_type(cell) == STRING and len(cell) < _LONGEST_NAME and _NAME.fullmatch(cell) for cell in cells)
    # A trailing delimiter leaves the last cell empty.
    return named and _type(last) in (STRING, None) and any(each not in (STRING, None) for each in types)


def _names(header: list[str], width: int) -> list[str]:
    """Return the names in a header; an empty or repeated one becomes ``col<position>``."""
    names: list[str] = []
    for at in range(width):
        name = header[at].strip().lower() if at < len(header) else ""
        names.append(name if name and name not in names else f"col{at}")
    return names


def _type(cell: str, dialect: Dialect | None = None) -> Type:
    text = cell if dialect and not dialect.trim else cell.strip()
    if not text:
        return None
    if _INTEGER.fullmatch(text):
        return "bigint"
    if _NUMBER.fullmatch(text):
        return "double"
    return "boolean" if text.lower() in ("true", "false") else STRING
