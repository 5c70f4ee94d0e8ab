"""Results of Hive's statements: empty, or lines of tab-separated text."""

from collections.abc import Iterable

from glue_local.query.statement import Column, Outcome


def done(substatement: str) -> Outcome:
    """Return the empty result of a catalog statement."""
    return Outcome("DDL", substatement)


def lines(substatement: str, columns: tuple[str, ...], found: Iterable[str], kind: str = "UTILITY") -> Outcome:
    """Return a result of lines.

    GetQueryResults names several columns, but each row has one value: the line with its tabs.
    """
    rows = [[each] for each in found]
    text = "".join(f"{row[0]}\n" for row in rows)
    return Outcome(kind, substatement, [Column(name, "string") for name in columns], rows, text)
