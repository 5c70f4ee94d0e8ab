"""Evaluate a ruleset: one scan for all rules that need only aggregates, and one query for each other rule."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pyspark.errors import AnalysisException, IllegalArgumentException, ParseException

from awsgluedq import columns, references
from awsgluedq.outcome import Outcome, combined, failed, not_met, ratio
from awsgluedq.plan import Data, Plan, frequencies, where
from awsgluedq.row_level import RowRule, evaluated
from awsgluedq.ruleset import Composite, Rule, simple

_PLANNERS: dict[str, Callable[[Rule, Data], Plan]] = {
    "AggregateMatch": references.aggregate_match,
    "ColumnCorrelation": columns.statistic,
    "ColumnCount": columns.column_count,
    "ColumnDataType": columns.column_data_type,
    "ColumnExists": columns.column_exists,
    "ColumnLength": columns.column_length,
    "ColumnNamesMatchPattern": columns.column_names_match_pattern,
    "ColumnValues": columns.column_values,
    "Completeness": columns.completeness,
    "CustomSql": references.custom_sql,
    "DataFreshness": columns.data_freshness,
    "DatasetMatch": references.dataset_match,
    "DistinctValuesCount": columns.distinct_values_count,
    "Entropy": columns.entropy,
    "IsComplete": columns.completeness,
    "IsPrimaryKey": columns.uniqueness,
    "IsUnique": columns.uniqueness,
    "Mean": columns.statistic,
    "ReferentialIntegrity": references.referential_integrity,
    "RowCount": columns.row_count,
    "RowCountMatch": references.row_count_match,
    "SchemaMatch": references.schema_match,
    "StandardDeviation": columns.statistic,
    "Sum": columns.statistic,
    "Uniqueness": columns.uniqueness,
    "UniqueValueRatio": columns.unique_value_ratio,
}
# The parameters of these rule types are not columns of the frame.
_OF_NO_COLUMN = (
    *("RowCount", "ColumnCount", "ColumnExists", "ColumnNamesMatchPattern", "CustomSql", "SchemaMatch"),
    *("AggregateMatch", "RowCountMatch", "ReferentialIntegrity", "DatasetMatch"),
)


class Evaluation:
    """The rules planned on a frame: ``outcomes`` for each rule, and ``row_rules`` to evaluate each row."""

    def __init__(self, rules: Sequence[Rule | Composite], data: Data, *, by_row: bool) -> None:
        self._rules, self._data, self._by_row = rules, data, by_row
        self._plans = {rule: _plan(rule, data) for each in rules for rule in simple(each)}

    def outcomes(self) -> list[Outcome]:
        """Return the outcome of each rule."""
        values = self._values()
        return [self._outcome(rule, values) for rule in self._rules]

    def row_rules(self) -> list[RowRule | None]:
        """Return how to evaluate a row by each rule; None if the rule applies only to the whole frame."""
        return [self._row_rule(rule) for rule in self._rules]

    def _values(self) -> dict[Rule, dict[str, Any]]:
        """Return the values that the plans need: aggregates from one job, frequencies from one job per column set."""
        wanted = {
            f"{at}_{name}": value.alias(f"{at}_{name}")
            for at, plan in enumerate(self._plans.values())
            for name, value in plan.aggregates.items()
        }
        first = self._data.frame.agg(*wanted.values()).first() if wanted else None
        found = first.asDict() if first else {}
        groups: dict[tuple[tuple[str, ...], str | None], dict[str, float]] = {}
        values = {}
        for at, (rule, plan) in enumerate(self._plans.items()):
            values[rule] = {name: found[f"{at}_{name}"] for name in plan.aggregates}
            if plan.grouped:
                key = plan.grouped, rule.where
                if key not in groups:
                    groups[key] = frequencies(self._data.frame, plan.grouped, where(rule))
                values[rule] |= groups[key]
        return values

    def _outcome(self, rule: Rule | Composite, values: Mapping[Rule, Mapping[str, Any]]) -> Outcome:
        if isinstance(rule, Rule):
            return self._plans[rule].judge(values[rule])
        row_rule = self._row_rule(rule) if self._by_row_too(rule) else None
        if row_rule is not None:
            return self._all_rows(row_rule)
        return combined(rule, [self._outcome(each, values) for each in rule.rules])

    def _by_row_too(self, rule: Composite) -> bool:
        return self._by_row and not any(self._plans[each].by_ratio for each in simple(rule))

    def _all_rows(self, row_rule: RowRule) -> Outcome:
        failing, rows = evaluated(self._data.frame, [row_rule], "").failing_and_rows()
        if rows and not failing:
            return Outcome(True)
        return Outcome(False, not_met(ratio(rows - failing, rows)))

    def _row_rule(self, rule: Rule | Composite) -> RowRule | None:
        if isinstance(rule, Composite):
            parts = [self._row_rule(each) for each in rule.rules]
            known = [part for part in parts if part is not None]
            return RowRule(rule.text, operator=rule.operator, parts=tuple(known)) if len(known) == len(parts) else None
        plan = self._plans[rule]
        if plan.row is None and plan.rows_of is None:
            return None
        return RowRule(rule.text, where(rule) if rule.where else None, plan.row, plan.rows_of)


def _plan(rule: Rule, data: Data) -> Plan:
    _check_where(rule, data)
    lacking = None if rule.kind in _OF_NO_COLUMN else data.lacking(*rule.parameters)
    return Plan.of(failed(lacking)) if lacking else _PLANNERS[rule.kind](rule, data)


def _check_where(rule: Rule, data: Data) -> None:
    if rule.where is None:
        return
    try:
        data.frame.where(rule.where)
    except (AnalysisException, ParseException) as error:
        raise IllegalArgumentException(
            message=f"Rule {rule.text} has provided an invalid where clause :\n{error}"
        ) from None
