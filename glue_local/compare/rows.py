"""Check with Athena queries that both workflows wrote the same rows."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from glue_local.compare.workflows import ATHENA, GLUE

TABLES = ("events", "quarantine", "rejected", "sites")
_SPEEDS = ("current_speed", "previous_speed", "avg_speed_3_minutes", "avg_speed_20_minutes")
# Speeds are rounded to 0.001. If a sum is halfway between two results, the order of summation decides.
TOLERANCE = 0.0011
_SHOWN = 3

Row = dict[str, Any]
Ask = Callable[[str], list[Row]]
"""Runs an Athena statement and returns its rows."""


@dataclass(frozen=True)
class TableRows:
    """The comparison of one table: its number of rows, and the rows that only one database has."""

    table: str
    rows: int
    only_glue: int
    only_athena: int
    examples: tuple[Row, ...] = ()
    rounded: int = 0
    """The number of speeds that differ only by rounding."""

    @property
    def equal(self) -> bool:
        """Whether both databases have the same rows. False for an empty table ``sites``, which both workflows must fill."""
        return not self.only_glue and not self.only_athena and (self.rows > 0 or self.table != "sites")


def compare_rows(ask: Ask, glue: Any) -> Iterator[TableRows]:
    """Compare each table; duplicates count, the order of rows does not.

    Partition keys are left out: the workflows name them differently, and their values follow from the other columns.
    Speeds may differ by ``TOLERANCE``.
    """
    for table in TABLES:
        columns = _columns(glue, table)
        speeds = [column for column in columns if column in _SPEEDS]
        exact = ", ".join(_comparable(column) for column in columns if column not in _SPEEDS)
        one, other = (f"SELECT {exact} FROM {name}.{table}" for name in (GLUE.database, ATHENA.database))
        rows, missing, extra = _counts(ask, one, other)
        different, rounded = _speeds(ask, speeds) if speeds else (0, 0)
        wrong = missing or extra
        examples = tuple(ask(f"({one} EXCEPT ALL {other}) LIMIT {_SHOWN}")) if wrong else ()
        yield TableRows(table, rows, missing + different, extra + different, examples, rounded)


def _columns(glue: Any, table: str) -> list[str]:
    found = glue.get_table(DatabaseName=GLUE.database, Name=table)["Table"]["StorageDescriptor"]["Columns"]
    return [str(column["Name"]) for column in found]


def _comparable(column: str) -> str:
    # The workflows write the members of a malformed record in different orders.
    return f"json_format(json_parse({column})) AS {column}" if column == "record" else column


def _counts(ask: Ask, one: str, other: str) -> tuple[int, int, int]:
    (row,) = ask(f"""SELECT (SELECT count(*) FROM ({one})) AS found,
        (SELECT count(*) FROM ({one} EXCEPT ALL {other})) AS missing,
        (SELECT count(*) FROM ({other} EXCEPT ALL {one})) AS extra""")
    return row["found"], row["missing"], row["extra"]


def _speeds(ask: Ask, speeds: list[str]) -> tuple[int, int]:
    """Return how many speeds in ``sites`` differ by more than rounding, and how many only by rounding."""
    pairs = [(f"a.{speed}", f"b.{speed}") for speed in speeds]
    unequal = " + ".join(f"count_if({a} IS DISTINCT FROM {b})" for a, b in pairs)
    wrong = " + ".join(
        f"count_if({a} IS DISTINCT FROM {b} AND coalesce(abs({a} - {b}), 1) > {TOLERANCE})" for a, b in pairs
    )
    (row,) = ask(f"""SELECT {unequal} AS unequal, {wrong} AS wrong
        FROM {GLUE.database}.sites a JOIN {ATHENA.database}.sites b USING (ident_8, kmp_rsys, tijd_waarneming)""")
    return row["wrong"], row["unequal"] - row["wrong"]


def explain(differing: TableRows) -> str:
    """Describe in one line how a table differs."""
    if not differing.only_glue and not differing.only_athena:
        return f"{differing.table} has no rows"
    example = next((re.sub(r"\s+", " ", str(row)) for row in differing.examples), "")
    only = f"{differing.only_glue} rows only in {GLUE.database}, {differing.only_athena} only in {ATHENA.database}"
    return f"{differing.table}: {only}" + (f"; for example {example[:300]}" if example else "")
