"""What one rule asks of a frame: aggregates for the pass that all rules share, or a query of its own; and of each row."""

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
    """The frame under evaluation, those it is compared with, and the instant that ``now()`` is."""

    frame: DataFrame
    others: Mapping[str, DataFrame]
    now: datetime

    def lacking(self, *columns: str) -> str | None:
        """Return Glue's message for the first column that the frame does not have."""
        absent = next((name for name in columns if name not in self.frame.columns), None)
        return None if absent is None else f"Input data does not include column {absent}!"


def quoted(name: str) -> Column:
    """Return the column of that very name, whatever characters it has."""
    return F.col("`" + name.replace("`", "``") + "`")


@dataclass(frozen=True)
class Plan:
    """How a rule is evaluated: ``judge`` gets the values of ``aggregates`` and, with ``grouped``, of its frequencies."""

    judge: Judge
    aggregates: Mapping[str, Column] = field(default_factory=dict)
    grouped: tuple[str, ...] = ()
    row: Column | None = None
    """Whether a row meets the rule; None where the rule is of the whole frame only."""
    rows_of: Callable[[DataFrame, str], DataFrame] | None = None
    """Instead of ``row``: adds whether each row meets the rule, under that name, by a join."""
    by_ratio: bool = False
    """Whether the rule is judged by a share of rows, and so is no part of a composite rule evaluated row by row."""

    @classmethod
    def of(cls, outcome: Outcome) -> "Plan":
        """Return the plan of what is known without looking at a row."""
        return cls(lambda values: outcome)


def where(rule: Rule) -> Column:
    """Return whether a row is the rule's concern."""
    return F.coalesce(F.expr(rule.where), F.lit(False)) if rule.where else F.lit(True)


def filtered(rule: Rule, value: Column) -> Column:
    """Return a value for the rows that are the rule's concern, null for others; aggregates pass nulls over."""
    return F.when(where(rule), value) if rule.where else value


def once(columns: tuple[str, ...], of: Column) -> Column:
    """Return whether a row's values in these columns occur in no other row that is ``of`` concern."""
    window = Window.partitionBy(of, *(quoted(name) for name in columns))
    return F.count(F.lit(1)).over(window) == 1


def complete(columns: tuple[str, ...]) -> Column:
    """Return whether none of these columns is null."""
    return reduce(lambda a, b: a & b, (quoted(name).isNotNull() for name in columns))


def frequencies(frame: DataFrame, columns: tuple[str, ...], of: Column) -> dict[str, float]:
    """Return how often values occur: distinct, unique (once), total, and the entropy in bits; nulls are no values."""
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
