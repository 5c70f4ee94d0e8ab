"""CSV with one of the delimiters ``, | \\t ; ^A``, and AWS's rules for a header.

https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html#classifier-builtin-rules
"""

import csv
import re
from collections import Counter

from glue_local.crawl.formats.found import Found
from glue_local.crawl.formats.text import decoded
from glue_local.crawl.sample import Sample
from glue_local.crawl.types import STRING, Columns, Type, merge

_DELIMITERS = (",", "|", "\t", ";", "\x01")
_MOST_ROWS = 1000
_LONGEST_NAME = 150
_FEWEST = 2  # columns, and rows
_NAME = re.compile(r"[\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF\t]+")
_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_SHARE = 0.7  # of the rows that must have the usual number of columns

Rows = list[list[str]]


def recognise(sample: Sample) -> Found | None:
    """Return the columns of a CSV file: by the names in its header, or ``col0``, ``col1``, … without one."""
    text = decoded(sample)
    if not text:
        return None
    lines = text.splitlines(keepends=True)
    if not sample.is_complete and len(lines) > 1:
        lines = lines[:-1]
    lines = [line for line in lines[:_MOST_ROWS] if line.strip()]
    parsed = [(delimiter, rows) for delimiter in _DELIMITERS if (rows := _rows(lines, delimiter))]
    if not parsed:
        return None
    delimiter, rows = max(parsed, key=lambda one: _regularity(one[1]))
    return _found(sample, delimiter, rows, lines)


def _found(sample: Sample, delimiter: str, rows: Rows, lines: list[str]) -> Found:
    width = _width(rows)
    types = [_column_types(rows[1:], at) for at in range(width)]
    has_header = _is_header(rows[0], types)
    if not has_header:
        types = [merge(_type(rows[0][at]) if at < len(rows[0]) else None, each) for at, each in enumerate(types)]
    names = _names(rows[0], width) if has_header else [f"col{at}" for at in range(width)]
    columns: Columns = {name: each or STRING for name, each in zip(names, types, strict=True)}
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
    layout = (delimiter, str(has_header))
    return Found(
        "csv", sample.compression, columns, records, used / len(lines), {"field.delim": delimiter}, parameters, layout
    )


def _rows(lines: list[str], delimiter: str) -> Rows | None:
    """Return the rows, None if they are not a table with at least two columns and two rows."""
    if len(lines) < _FEWEST or delimiter not in lines[0]:
        return None
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return None
    if len(rows) < _FEWEST or _width(rows) < _FEWEST or len(rows[0]) < _FEWEST:
        return None
    return rows if _regularity(rows)[0] >= _SHARE else None


def _width(rows: Rows) -> int:
    return Counter(map(len, rows)).most_common(1)[0][0]


def _regularity(rows: Rows) -> tuple[float, int]:
    width = _width(rows)
    return sum(len(row) == width for row in rows) / len(rows), width


def _column_types(rows: Rows, at: int) -> Type:
    found: Type = None
    for row in rows:
        if at < len(row):
            found = merge(found, _type(row[at]))
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


def _type(cell: str) -> Type:
    text = cell.strip()
    if not text:
        return None
    if _INTEGER.fullmatch(text):
        return "bigint"
    if _NUMBER.fullmatch(text):
        return "double"
    return "boolean" if text.lower() in ("true", "false") else STRING
