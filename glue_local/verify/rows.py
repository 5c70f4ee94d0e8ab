"""Compare two sets of rows of tables."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_PAIRED = 200  # rows per table: pairing compares every row with every other

Row = dict[str, Any]
Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class Difference:
    """The differences in a table: missing rows, extra rows, and rows that differ in some columns."""

    missing: list[Row] = field(default_factory=list)
    extra: list[Row] = field(default_factory=list)
    changed: list[tuple[Row, Row]] = field(default_factory=list)
    """Pairs of an expected row and the row that was found."""

    @property
    def rows(self) -> int:
        """The number of rows that differ."""
        return len(self.missing) + len(self.extra) + len(self.changed)


def compare(expected: Tables, found: Tables) -> dict[str, Difference]:
    """Return the differences of each table that has some."""
    return {
        name: difference
        for name in sorted({*expected, *found})
        if (difference := _difference(expected.get(name, []), found.get(name, []))).rows
    }


def _difference(expected: list[Row], found: list[Row]) -> Difference:
    wanted, there = Counter(map(text_of, expected)), Counter(map(text_of, found))
    by_text = {text_of(row): row for row in (*expected, *found)}
    missing: list[Any] = [by_text[text] for text in sorted((wanted - there).elements())]
    extra: list[Any] = [by_text[text] for text in sorted((there - wanted).elements())]
    changed = []
    for _, at, other in sorted(_likenesses(missing, extra), reverse=True):
        if missing[at] is not None and extra[other] is not None:
            changed.append((missing[at], extra[other]))
            missing[at] = extra[other] = None
    return Difference([row for row in missing if row], [row for row in extra if row], changed)


def _likenesses(missing: list[Any], extra: list[Any]) -> Iterator[tuple[int, int, int]]:
    """Yield (equal columns, index, index) for each pair of rows with at least half of their columns equal."""
    for at, row in enumerate(missing[:_PAIRED]):
        for other, twin in enumerate(extra[:_PAIRED]):
            alike = _alike(row, twin)
            if alike * 2 >= len(row):
                yield alike, at, other


def _alike(one: Row, other: Row) -> int:
    return sum(1 for key, value in one.items() if key in other and other[key] == value)


def text_of(row: Mapping[str, Any]) -> str:
    """Return a row as text, the same for equal rows."""
    return json.dumps(row, sort_keys=True, default=str)


def save(tables: Tables) -> str:
    """Serialise rows for a file."""
    return json.dumps(tables, indent=0, default=str) + "\n"


def load(text: str) -> Tables:
    """Parse rows from a file; raises ValueError if ``save`` did not write it."""
    document = json.loads(text)
    if not isinstance(document, dict) or not all(isinstance(rows, list) for rows in document.values()):
        raise ValueError("not the rows of a verification")
    return document
