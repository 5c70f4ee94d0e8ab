"""Rules on the columns and rows of one frame: each needs aggregates of one scan, or one grouping.

Pages: https://docs.aws.amazon.com/glue/latest/dg/dqdl-rule-types-<RuleType>.html
"""

import re
from collections.abc import Callable
from typing import Any

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.types import NumericType

from awsgluedq.conditions import holds, meets
from awsgluedq.outcome import Judge, Outcome, failed, judged, not_met, ratio
from awsgluedq.plan import Data, Plan, complete, filtered, once, quoted, where
from awsgluedq.ruleset import Condition, Operand, Rule

_ALL = Condition("=", (Operand("number", 1.0),))
_TYPES = ("boolean", "date", "timestamp", "integer", "double", "float", "long")


def row_count(rule: Rule, data: Data) -> Plan:
    """RowCount."""
    condition = _needed(rule)
    count = {"rows": F.count(filtered(rule, F.lit(1)))}
    return Plan(lambda v: judged("Dataset.*.RowCount", float(v["rows"]), condition, whole=True), count)


def column_count(rule: Rule, data: Data) -> Plan:
    """ColumnCount."""
    return Plan.of(judged("Dataset.*.ColumnCount", float(len(data.frame.columns)), _needed(rule), whole=True))


def column_exists(rule: Rule, data: Data) -> Plan:
    """ColumnExists."""
    lacking = data.lacking(rule.parameters[0])
    return Plan.of(failed(lacking) if lacking else Outcome(True))


def column_names_match_pattern(rule: Rule, data: Data) -> Plan:
    """ColumnNamesMatchPattern: every name must match completely."""
    pattern, names = re.compile(rule.parameters[0]), data.frame.columns
    others = [name for name in names if not pattern.fullmatch(name)]
    metrics = {"Dataset.*.ColumnNamesPatternMatchRatio": ratio(len(names) - len(others), len(names))}
    reason = f"These columns do not match the pattern: {', '.join(others)}" if others else None
    return Plan.of(Outcome(not others, reason, metrics))


def completeness(rule: Rule, data: Data) -> Plan:
    """Completeness, and IsComplete, which is Completeness = 1."""
    (name,) = rule.parameters
    known, condition = quoted(name).isNotNull(), rule.condition or _ALL
    counts = {"known": F.count(filtered(rule, quoted(name))), "rows": F.count(filtered(rule, F.lit(1)))}
    metric = f"Column.{name}.Completeness"
    judge: Judge = lambda v: judged(metric, ratio(v["known"], v["rows"]), condition)  # noqa: E731
    return Plan(judge, counts, row=known, by_ratio=rule.kind == "Completeness")


def uniqueness(rule: Rule, data: Data) -> Plan:
    """Uniqueness, IsUnique and IsPrimaryKey: the fraction of values that occur once."""
    columns, condition = rule.parameters, rule.condition or _ALL
    key = rule.kind == "IsPrimaryKey"
    metric = f"{_named(columns)}.Uniqueness"
    counts = {"known": F.count(filtered(rule, F.when(complete(columns), 1))), "rows": F.count(filtered(rule, F.lit(1)))}

    def judge(v: Any) -> Outcome:
        share = ratio(v["unique"], v["total"])
        # A primary key must not be null, however many of its values are unique.
        incomplete = key and v["known"] < v["rows"]
        if incomplete and holds(condition, share):
            return Outcome(False, not_met("NULL"), {metric: share})
        return judged(metric, share, condition)

    alone = once(columns, where(rule))
    row = alone & complete(columns) if key else alone | ~complete(columns)
    return Plan(judge, counts, grouped=columns, row=row, by_ratio=rule.kind == "Uniqueness")


def distinct_values_count(rule: Rule, data: Data) -> Plan:
    """DistinctValuesCount."""
    metric, condition = f"Column.{rule.parameters[0]}.DistinctValuesCount", _needed(rule)
    return Plan(lambda v: judged(metric, v["distinct"], condition), grouped=rule.parameters)


def unique_value_ratio(rule: Rule, data: Data) -> Plan:
    """UniqueValueRatio: the fraction of distinct values that occur once."""
    metric, condition = f"Column.{rule.parameters[0]}.UniqueValueRatio", _needed(rule)
    return Plan(lambda v: judged(metric, ratio(v["unique"], v["distinct"]), condition), grouped=rule.parameters)


def entropy(rule: Rule, data: Data) -> Plan:
    """Entropy, in bits."""
    metric, condition = f"Column.{rule.parameters[0]}.Entropy", _needed(rule)
    return Plan(lambda v: judged(metric, v["entropy"], condition), grouped=rule.parameters)


_STATISTICS: dict[str, Callable[..., Column]] = {
    "Mean": F.mean,
    "Sum": F.sum,
    "StandardDeviation": F.stddev_pop,
    "ColumnCorrelation": F.corr,
}


def statistic(rule: Rule, data: Data) -> Plan:
    """Mean, Sum, StandardDeviation and ColumnCorrelation."""
    condition = _needed(rule)
    for name in rule.parameters:
        of_type = data.frame.schema[name].dataType
        if not isinstance(of_type, NumericType):
            return Plan.of(failed(f"{rule.kind} needs a numeric column, but {name} is {of_type.simpleString()}"))
    metric = f"{_named(rule.parameters)}.{rule.kind}"
    value = _STATISTICS[rule.kind](*(filtered(rule, quoted(name)).cast("double") for name in rule.parameters))
    return Plan(lambda v: judged(metric, _float(v["value"]), condition), {"value": value})


def column_values(rule: Rule, data: Data) -> Plan:
    """ColumnValues: numbers are checked by minimum and maximum, other values by the fraction of rows that comply."""
    (name,), condition = rule.parameters, _needed(rule)
    of_type = data.frame.schema[name].dataType
    row = meets(quoted(name), of_type, condition, data.now)
    kinds = {each.kind for each in condition.operands}
    bounds = isinstance(of_type, NumericType) and kinds <= {"number"} and rule.threshold is None
    values = {"nulls": F.count(filtered(rule, F.when(quoted(name).isNull(), 1)))}
    if not bounds or condition.operator in ("in", "not in", "!=", "not between"):
        return _compliance(rule, row, f"Column.{name}.ColumnValues.Compliance", quoted(name).isNull())
    limits = {
        f"Column.{name}.Minimum": F.min(filtered(rule, quoted(name))),
        f"Column.{name}.Maximum": F.max(filtered(rule, quoted(name))),
    }
    return _bounded(rule, row, limits, values)


def column_length(rule: Rule, data: Data) -> Plan:
    """ColumnLength: the length of null is 0."""
    (name,), condition = rule.parameters, _needed(rule)
    length = F.coalesce(F.length(quoted(name).cast("string")), F.lit(0))
    row = meets(length, data.frame.select(length.alias("l")).schema["l"].dataType, condition, data.now)
    if rule.threshold is not None:
        return _compliance(rule, row, f"Column.{name}.ColumnLength.Compliance")
    limits = {
        f"Column.{name}.MinimumLength": F.min(filtered(rule, length)),
        f"Column.{name}.MaximumLength": F.max(filtered(rule, length)),
    }
    return _bounded(rule, row, limits, {"nulls": F.lit(0)})


def column_data_type(rule: Rule, data: Data) -> Plan:
    """ColumnDataType: whether Spark can cast each value; null counts as castable."""
    (name,), condition = rule.parameters, _needed(rule)
    wanted = str(condition.operands[0].value).lower()
    if condition.operator != "=" or wanted not in _TYPES:
        return Plan.of(failed(f"{rule.kind} needs = and one of {', '.join(_TYPES).upper()}"))
    row = quoted(name).isNull() | quoted(name).cast(wanted).isNotNull()
    return _compliance(rule, row, f"Column.{name}.ColumnDataType.Compliance")


def data_freshness(rule: Rule, data: Data) -> Plan:
    """DataFreshness: the age of each value."""
    (name,), condition = rule.parameters, _needed(rule)
    if any(each.kind != "duration" for each in condition.operands):
        return Plan.of(failed("DataFreshness needs a unit: hours or days"))
    seconds = Condition(condition.operator, tuple(Operand("number", each.value) for each in condition.operands))
    age = F.lit(data.now).cast("double") - quoted(name).cast("timestamp").cast("double")
    row = meets(age, data.frame.select(age.alias("a")).schema["a"].dataType, seconds, data.now)
    plan = _compliance(rule, row, f"Column.{name}.DataFreshness.Compliance")

    def judge(v: Any) -> Outcome:
        outcome = plan.judge(v)
        share = 100 * ratio(v["met"], v["rows"])
        reason = None if outcome.passed else f"{share:.2f} % of rows passed the threshold"
        return Outcome(outcome.passed, reason, outcome.metrics)

    return Plan(judge, plan.aggregates, row=row, by_ratio=plan.by_ratio)


def _compliance(rule: Rule, row: Column, metric: str, null: Column | None = None) -> Plan:
    """Check the fraction of rows that comply against the threshold, by default all of them."""
    counts = {"met": F.count(filtered(rule, F.when(row, 1))), "rows": F.count(filtered(rule, F.lit(1)))}
    if null is not None:
        counts["nulls"] = F.count(filtered(rule, F.when(~row & null, 1)))

    def judge(v: Any) -> Outcome:
        share = ratio(v["met"], v["rows"])
        outcome = judged(metric, share, rule.threshold or _ALL)
        only_nulls = v.get("nulls") and v["nulls"] == v["rows"] - v["met"]
        if outcome.passed or rule.threshold or not only_nulls:
            return outcome
        return Outcome(False, not_met("NULL"), outcome.metrics)

    return Plan(judge, counts, row=row, by_ratio=rule.threshold is not None)


def _bounded(rule: Rule, row: Column, limits: dict[str, Column], nulls: dict[str, Column]) -> Plan:
    """Check row by row, and report the minimum or maximum that the condition is about."""
    operator, condition = _needed(rule).operator, _needed(rule)
    low, high = limits
    told = {">": (low,), ">=": (low,), "<": (high,), "<=": (high,)}.get(operator, (low, high))
    unmet = {"unmet": F.count(filtered(rule, F.when(~row, 1)))}

    def judge(v: Any) -> Outcome:
        metrics = {name: float(v[name]) for name in told if v[name] is not None}
        if not metrics:
            return failed(not_met("NULL"))
        beyond = next((value for value in metrics.values() if not holds(condition, value)), None)
        if beyond is None and not v["unmet"]:
            return Outcome(True, None, metrics)
        return Outcome(False, not_met("NULL" if beyond is None and v["nulls"] else beyond), metrics)

    return Plan(judge, {**limits, **nulls, **unmet}, row=row)


def _needed(rule: Rule) -> Condition:
    if rule.condition is None:
        raise ValueError(f"{rule.text} has no condition")
    return rule.condition


def _named(columns: tuple[str, ...]) -> str:
    return f"Column.{columns[0]}" if len(columns) == 1 else f"Multicolumn.[{','.join(columns)}]"


def _float(value: Any) -> float:
    return float("nan") if value is None else float(value)
