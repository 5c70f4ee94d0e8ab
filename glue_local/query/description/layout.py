"""Hive's layout of DESCRIBE: columns of twenty characters, separated by tabs."""

from collections.abc import Iterable, Iterator

Line = tuple[str, str | None, str | None]
"""One row of three columns from Hive; a null column prints as one blank."""

COLUMNS = ("col_name", "data_type", "comment")
BLANK: Line = ("", None, None)


def text(line: Line) -> str:
    return "\t".join(" " if part is None else part for part in line)


def padded(*parts: str) -> Line:
    """Pad the given parts to twenty characters."""
    first, second, third = (*(f"{part:<20}" for part in parts), None, None)[:3]
    return str(first), second, third


def heading(title: str) -> Line:
    return (f"# {title}", None, None)


def header() -> Line:
    return padded("# col_name", "data_type", "comment")


def fields(columns: Iterable[tuple[str, str, str]]) -> Iterator[Line]:
    """Yield the lines of columns: name, type, comment."""
    return (padded(*column) for column in columns)


def pair(name: str, value: str) -> Line:
    """``Database:           \tdb``."""
    return (f"{name:<20}", f"{value:<20}", None)


def inner(name: str, value: str) -> Line:
    """Return the line of a parameter listed under a title."""
    return ("", f"{name:<20}", f"{value:<20}")
