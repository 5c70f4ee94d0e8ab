"""The plan of a rule: aggregates for the shared scan or its own query, and how to evaluate each row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from awsgluedq.outcome import Judge, Outcome
from awsgluedq.ruleset import Rule


@dataclass(frozen=True)
class Data:
    """The frame to evaluate, the additional frames, and the time for ``now()``."""

    frame: DataFrame
    others: Mapping[str, DataFrame]
    now: datetime

    def lacking(self, *columns: str) -> str | None:
        """Return Glue's message for the first missing column; None if all exist."""
        absent = next((name for name in columns if name not in self.frame.columns), None)
        return None if absent is None else f"Input data does not include column {absent}!"


def quoted(name: str) -> Column:
    """Return the column with exactly that name, which may contain any characters."""
    return F.col("`" + name.replace("`", "``") + "`")


@dataclass(frozen=True)
class Plan:
    """How to evaluate a rule: ``judge`` gets the values of ``aggregates`` and the frequencies of ``grouped``."""

    judge: Judge
    aggregates: Mapping[str, Column] = field(default_factory=dict)
    grouped: tuple[str, ...] = ()
    row: Column | None = None
    """Whether a row meets the rule; None if the rule applies only to the whole frame."""
    rows_of: Callable[[DataFrame, str], DataFrame] | None = None
    """Used instead of ``row``: joins a column with that name that is true for rows that meet the rule."""
    by_ratio: bool = False
    """Whether the rule checks a fraction of rows, so that a composite rule with it is not evaluated row by row."""

    @classmethod
    def of(cls, outcome: Outcome) -> "Plan":
        """Return a plan with a known outcome that needs no data."""
        return cls(lambda values: outcome)


def where(rule: Rule) -> Column:
    """Return whether the rule's where clause selects a row."""
    return F.coalesce(F.expr(rule.where), F.lit(False)) if rule.where else F.lit(True)


def filtered(rule: Rule, value: Column) -> Column:
    """Return a value for the rows that the where clause selects, else null, which aggregates ignore."""
    return F.when(where(rule), value) if rule.where else value


def once(columns: tuple[str, ...], of: Column) -> Column:
    """Return whether a row's values in these columns occur in no other row that ``of`` selects."""
    window = Window.partitionBy(of, *(quoted(name) for name in columns))
    return F.count(F.lit(1)).over(window) == 1


def complete(columns: tuple[str, ...]) -> Column:
    """Return whether none of these columns is null."""
    return reduce(lambda a, b: a & b, (quoted(name).isNotNull() for name in columns))


def frequencies(frame: DataFrame, columns: tuple[str, ...], of: Column) -> dict[str, float]:
    """Return distinct, unique and total counts and the entropy in bits; nulls are not counted."""
    counts = (
        frame.where(of & complete(columns)).groupBy(*(quoted(name) for name in columns)).agg(F.count("*").alias("n"))
    )
    total = F.sum("n")
    found = counts.agg(
        F.count("*").alias("distinct"),
        F.count(F.when(F.col("n") == 1, 1)).alias("unique"),
        total.alias("total"),
        (F.log2(total) - F.sum(F.col("n") * F.log2("n")) / total).alias("entropy"),
    ).first()
    return {name: float(value or 0) for name, value in (found.asDict() if found else {}).items()}
