"""Row-level outcomes: which rules each row passed, failed and skipped.

Page: https://docs.aws.amazon.com/glue/latest/dg/tutorial-data-quality.html
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from awsgluedq.plan import quoted

PASSED, FAILED, SKIPPED = "Passed", "Failed", "Skipped"
COLUMNS = ("DataQualityRulesPass", "DataQualityRulesFail", "DataQualityRulesSkip", "DataQualityEvaluationResult")


@dataclass(frozen=True)
class RowRule:
    """How to evaluate rows by one rule: a column, a join that adds one, or the parts of a composite rule."""

    text: str
    where: Column | None = None
    row: Column | None = None
    rows_of: Callable[[DataFrame, str], DataFrame] | None = None
    operator: str = ""
    parts: "tuple[RowRule, ...]" = ()


@dataclass(frozen=True)
class Told:
    """A frame's rows with one column of ``Passed``, ``Failed`` or ``Skipped`` for each rule."""

    frame: DataFrame
    columns: tuple[str, ...]

    def failing_and_rows(self) -> tuple[int, int]:
        """Return the number of rows that fail any rule, and the number of all rows."""
        failing = reduce(lambda a, b: a | b, (F.col(name) == FAILED for name in self.columns))
        found = self.frame.agg(F.count(F.when(failing, 1)).alias("failing"), F.count("*").alias("rows")).first()
        return (found.failing, found.rows) if found else (0, 0)


def evaluated(frame: DataFrame, rules: Sequence[RowRule], filtered: str) -> Told:
    """Evaluate every row by every rule; rows that a where clause excludes get ``filtered``, by default PASSED."""
    names = tuple(f"__rule_{at}" for at in range(len(rules)))
    columns = []
    told = frame
    for name, rule in zip(names, rules, strict=True):
        told, column = _told(told, rule, filtered or PASSED, name)
        columns.append(column)
    kept = [quoted(name) for name in frame.columns]
    # Add all columns next to the joined ones in one step, then drop the joined ones.
    return Told(told.select(*kept, *(c.alias(n) for n, c in zip(names, columns, strict=True))), names)


def _told(frame: DataFrame, rule: RowRule, filtered: str, name: str) -> tuple[DataFrame, Column]:
    if rule.operator:
        parts = []
        for at, part in enumerate(rule.parts):
            frame, column = _told(frame, part, filtered, f"{name}_{at}")
            parts.append(column)
        met = [part != FAILED for part in parts]
        passed = reduce(lambda a, b: a & b if rule.operator == "and" else a | b, met)
        skipped = reduce(lambda a, b: a & b, (part == SKIPPED for part in parts))
        return frame, F.when(skipped, SKIPPED).when(passed, PASSED).otherwise(FAILED)
    row = rule.row
    if row is None:
        if rule.rows_of is None:
            raise ValueError(f"{rule.text} cannot be evaluated row by row")
        frame, row = rule.rows_of(frame, f"{name}_met"), F.col(f"{name}_met")
    result = F.when(row, PASSED).otherwise(FAILED)
    return frame, result if rule.where is None else F.when(rule.where, result).otherwise(filtered)


def outcomes(frame: DataFrame, texts: Sequence[str], rules: Sequence[RowRule | None], filtered: str) -> DataFrame:
    """Add Glue's four columns; rules on the whole frame are skipped for every row."""
    of_rows = [rule for rule in rules if rule is not None]
    told = evaluated(frame, of_rows, filtered)
    result_of = {id(rule): F.col(name) for rule, name in zip(of_rows, told.columns, strict=True)}
    results = [F.lit(SKIPPED) if rule is None else result_of[id(rule)] for rule in rules]

    def those(which: str) -> Column:
        listed = [F.when(result == which, F.lit(text)) for text, result in zip(texts, results, strict=True)]
        return F.filter(F.array(*listed), lambda text: text.isNotNull())

    lists = [those(which).alias(name) for which, name in zip((PASSED, FAILED, SKIPPED), COLUMNS, strict=False)]
    listed = told.frame.select(*(quoted(name) for name in frame.columns), *lists)
    return listed.withColumn(COLUMNS[3], F.when(F.size(COLUMNS[1]) > 0, FAILED).otherwise(PASSED))
