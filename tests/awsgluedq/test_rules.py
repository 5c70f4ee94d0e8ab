"""Each rule type's outcome, reason and metrics; pages: docs.aws.amazon.com/glue/latest/dg/dqdl-rule-types-<RuleType>.html."""

import math
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from pyspark.errors import IllegalArgumentException

pytestmark = pytest.mark.spark

Dynamic = Callable[..., Any]
PEOPLE = ("id int, name string, age int, city string, height double",)
ROWS = (
    (1, "Ann", 30, "Gent", 1.7),
    (2, "Bob", 20, "Gent", 1.8),
    (3, None, 11, " ", 1.9),
    (4, "Cid", None, "", None),
)


@pytest.fixture
def people(dynamic: Dynamic) -> Any:
    return dynamic(*PEOPLE, *ROWS)


def not_met(value: Any) -> str:
    return f"Value: {value} does not meet the constraint requirement!"


# Rule, Outcome, FailureReason, EvaluatedMetrics.
JUDGED: list[tuple[str, str, str | None, dict[str, float]]] = [
        ("RowCount > 10", "Failed", not_met(4), {"Dataset.*.RowCount": 4.0}),
        ('RowCount = 2 where "age >= 20"', "Passed", None, {"Dataset.*.RowCount": 2.0}),
        ("ColumnCount between 4 and 6", "Passed", None, {"Dataset.*.ColumnCount": 5.0}),
        ("ColumnCount between 5 and 6", "Failed", not_met(5), {"Dataset.*.ColumnCount": 5.0}),
        ('ColumnExists "city"', "Passed", None, {}),
        ('ColumnExists "town"', "Failed", "Input data does not include column town!", {}),
        ('IsComplete "town"', "Failed", "Input data does not include column town!", {}),
        ('IsComplete "id"', "Passed", None, {"Column.id.Completeness": 1.0}),
        ('IsComplete "name"', "Failed", not_met(0.75), {"Column.name.Completeness": 0.75}),
        ('IsComplete "name" where "id < 3"', "Passed", None, {"Column.name.Completeness": 1.0}),
        ('Completeness "name" between 0.4 and 0.8', "Passed", None, {"Column.name.Completeness": 0.75}),
        ('Completeness "id" = "1.0"', "Passed", None, {"Column.id.Completeness": 1.0}),
        ('IsUnique "name"', "Passed", None, {"Column.name.Uniqueness": 1.0}),
        ('IsPrimaryKey "id"', "Passed", None, {"Column.id.Uniqueness": 1.0}),
        ('IsPrimaryKey "name"', "Failed", not_met("NULL"), {"Column.name.Uniqueness": 1.0}),
        ('IsPrimaryKey "id" "city"', "Passed", None, {"Multicolumn.[id,city].Uniqueness": 1.0}),
        ('Uniqueness "city" > 0.6', "Failed", not_met(0.5), {"Column.city.Uniqueness": 0.5}),
        ('UniqueValueRatio "city" < 0.5', "Failed", not_met(2 / 3), {"Column.city.UniqueValueRatio": 2 / 3}),
        ('DistinctValuesCount "city" = 3', "Passed", None, {"Column.city.DistinctValuesCount": 3.0}),
        ('Entropy "city" > 1', "Passed", None, {"Column.city.Entropy": 1.5}),
        ('Sum "age" = 61', "Passed", None, {"Column.age.Sum": 61.0}),
        ('Mean "height" between 1.75 and 1.85', "Passed", None, {"Column.height.Mean": 1.8}),
        ('StandardDeviation "id" < 1', "Failed", not_met(math.sqrt(1.25)), {"Column.id.StandardDeviation": math.sqrt(1.25)}),
        ('ColumnCorrelation "id" "height" > 0.9', "Passed", None, {"Multicolumn.[id,height].ColumnCorrelation": 1.0}),
        ('Mean "name" > 1', "Failed", "Mean needs a numeric column, but name is string", {}),
        ('ColumnValues "id" > 1', "Failed", not_met(1.0), {"Column.id.Minimum": 1.0}),
        ('ColumnValues "id" <= 4', "Passed", None, {"Column.id.Maximum": 4.0}),
        ('ColumnValues "id" between 0 and 4', "Failed", not_met(4.0), {"Column.id.Minimum": 1.0, "Column.id.Maximum": 4.0}),
        ('ColumnValues "age" > 10', "Failed", not_met("NULL"), {"Column.age.Minimum": 11.0}),
        ('ColumnValues "age" > 10 where "age is not null"', "Passed", None, {"Column.age.Minimum": 11.0}),
        ('ColumnValues "age" > 10 with threshold >= 0.75', "Passed", None, {"Column.age.ColumnValues.Compliance": 0.75}),
        ('ColumnValues "age" != 21', "Passed", None, {"Column.age.ColumnValues.Compliance": 1.0}),
        ('ColumnValues "age" not in [21, NULL]', "Failed", not_met("NULL"), {"Column.age.ColumnValues.Compliance": 0.75}),
        ('ColumnValues "city" in ["Gent", EMPTY, WHITESPACES_ONLY]', "Passed", None, {"Column.city.ColumnValues.Compliance": 1.0}),
        ('ColumnValues "city" in ["Gent", EMPTY]', "Failed", not_met(0.75), {"Column.city.ColumnValues.Compliance": 0.75}),
        ('ColumnValues "name" matches "[A-Z][a-z]*"', "Failed", not_met("NULL"), {"Column.name.ColumnValues.Compliance": 0.75}),
        ('ColumnValues "name" not matches "B.*" with threshold = 0.5', "Passed", None, {"Column.name.ColumnValues.Compliance": 0.5}),
        ('ColumnLength "name" < 4', "Passed", None, {"Column.name.MaximumLength": 3.0}),
        ('ColumnLength "name" > 2', "Failed", not_met(0.0), {"Column.name.MinimumLength": 0.0}),
        ('ColumnLength "name" = 3 where "name is not null"', "Passed", None, {"Column.name.MinimumLength": 3.0, "Column.name.MaximumLength": 3.0}),
        ('ColumnDataType "name" = "INTEGER" with threshold > 0.2', "Passed", None, {"Column.name.ColumnDataType.Compliance": 0.25}),
        ('ColumnNamesMatchPattern "[a-z]+"', "Passed", None, {"Dataset.*.ColumnNamesPatternMatchRatio": 1.0}),
        ('ColumnNamesMatchPattern "aws_.*"', "Failed", "These columns do not match the pattern: id, name, age, city, height", {"Dataset.*.ColumnNamesPatternMatchRatio": 0.0}),
        ('CustomSql "select count(*) from primary where age > 15" = 2', "Passed", None, {"Dataset.*.CustomSQL": 2.0}),
        ('CustomSql "select id from primary where age > 15" with threshold > 0.4', "Passed", None, {"Dataset.*.CustomSQL.Compliance": 0.5}),
        ('CustomSql "select id from primary where age > 15"', "Failed", not_met(0.5), {"Dataset.*.CustomSQL.Compliance": 0.5}),
        ('(IsComplete "id") and (IsUnique "id")', "Passed", None, {"Column.id.Completeness": 1.0, "Column.id.Uniqueness": 1.0}),
        ('(RowCount > 9) or (IsComplete "name")', "Failed", f"{not_met(4)} {not_met(0.75)}", {"Dataset.*.RowCount": 4.0, "Column.name.Completeness": 0.75}),
    ]  # fmt: skip


def test_outcomes_reasons_and_metrics(people: Any, evaluate: Any) -> None:
    # All rules in one ruleset, as in scripts: one by one, each would start Spark jobs.
    found = evaluate(people, *(rule for rule, *_ in JUDGED))
    told = {rule: outcome for (rule, *_), outcome in zip(JUDGED, found, strict=True)}
    assert {rule: each[:2] for rule, each in told.items()} == {rule: (was, why) for rule, was, why, _ in JUDGED}
    assert {rule: each[2] for rule, each in told.items()} == {
        rule: pytest.approx(metrics) for rule, _, _, metrics in JUDGED
    }


def test_rules_that_need_one_scan_share_a_job(people: Any, evaluate: Any) -> None:
    tracker = people.toDF().sparkSession.sparkContext
    tracker.setJobGroup("one-pass", "")
    evaluate(
        people, "RowCount > 0", 'Mean "age" > 1', 'ColumnValues "id" > 0', 'Completeness "name" > 0.5', 'Sum "id" > 1'
    )
    jobs = tracker.statusTracker().getJobIdsForGroup("one-pass")
    tracker.setLocalProperty("spark.jobGroup.id", None)
    # An aggregation runs two Spark jobs, one for each stage; the result frame needs a third.
    assert len(jobs) <= 3


def test_dates(dynamic: Dynamic, evaluate: Any) -> None:
    now = datetime.now(timezone.utc)
    old, fresh = now - timedelta(days=3), now - timedelta(hours=1)
    frame = dynamic(
        "at timestamp, day date", (old, old.date()), (fresh, fresh.date()), (None, None), (fresh, now.date())
    )
    outcomes = evaluate(
        frame,
        'DataFreshness "at" <= 24 hours',
        'DataFreshness "at" between 0 days and 5 days with threshold > 0.7',
        'DataFreshness "at" <= 24',
        'ColumnValues "at" > (now() - 4 days) where "at is not null"',
        'ColumnValues "day" > "2022-06-30" with threshold = 0.75',
        'ColumnValues "day" in [NULL, "2023-01-01"] where "day is null"',
    )
    compliance = "Column.at.DataFreshness.Compliance"
    assert outcomes[0] == ("Failed", "50.00 % of rows passed the threshold", {compliance: 0.5})
    assert outcomes[1] == ("Passed", None, {compliance: 0.75})
    assert outcomes[2][:2] == ("Failed", "DataFreshness needs a unit: hours or days")
    assert [outcome for outcome, _, _ in outcomes[3:]] == ["Passed"] * 3


def test_other_frames(dynamic: Dynamic, evaluate: Any) -> None:
    frame = dynamic("id int, zip string, amount int", (1, "9000", 10), (2, "9000", 20), (3, "1000", 30), (4, "x", 40))
    reference = dynamic("id int, zip string, amount int", (1, "9000", 10), (2, "9000", 21), (3, "1000", 30))
    outcomes = evaluate(
        frame,
        'ReferentialIntegrity "zip" "reference.zip" >= 0.7',
        'ReferentialIntegrity "id,zip" "reference.{id,zip}" = 1.0',
        'DatasetMatch "reference" "id" >= 0.5',
        'DatasetMatch "reference" "id->id" "zip->zip" = 0.75',
        'DatasetMatch "reference" "zip" >= 0.5',
        'RowCountMatch "reference" between 1.3 and 1.4',
        'SchemaMatch "reference" = 1.0',
        'AggregateMatch "sum(amount)" "sum(reference.amount)" < 1.5',
        'AggregateMatch "avg(amount)" "avg(amount)" = 1.0',
        'RowCountMatch "other" = 1.0',
        'CustomSql "select count(*) from primary join reference using (id)" = 3',
        additional_data_sources={"reference": reference},
    )
    assert outcomes == [
        ("Passed", None, {"Column.reference.ReferentialIntegrity": 0.75}),
        ("Failed", not_met(0.75), {"Column.reference.ReferentialIntegrity": 0.75}),
        ("Passed", None, {"Dataset.reference.DatasetMatch": 0.5}),
        ("Passed", None, {"Dataset.reference.DatasetMatch": 0.75}),
        ("Failed", "Provided key map not suitable for given data frames", {}),
        ("Passed", None, {"Dataset.reference.RowCountMatch": 4 / 3}),
        ("Passed", None, {"Dataset.reference.SchemaMatch": 1.0}),
        ("Failed", not_met(100 / 61), {"Column.amount.AggregateMatch": 100 / 61}),
        ("Passed", None, {"Column.amount.AggregateMatch": 1.0}),
        ("Failed", "unknown data source other: add it to additional_data_sources", {}),
        ("Passed", None, {"Dataset.*.CustomSQL": 3.0}),
    ]  # fmt: skip


def test_an_aggregation_ignores_nulls(dynamic: Dynamic, evaluate: Any) -> None:
    frame = dynamic("id int, units int", (100, 0), (101, None), (102, 20), (103, None), (104, 40))
    assert evaluate(frame, 'AggregateMatch "avg(units)" "avg(id)" < 1', 'Mean "units" = 20') == [
        ("Passed", None, {"Column.[units,id].AggregateMatch": 20 / 102}),
        ("Passed", None, {"Column.units.Mean": 20.0}),
    ]


def test_on_an_empty_frame_only_counts_can_pass(dynamic: Dynamic, evaluate: Any) -> None:
    outcomes = evaluate(
        dynamic("a int"), "RowCount = 0", 'IsComplete "a"', 'IsUnique "a"', 'Mean "a" > 0', 'ColumnValues "a" > 0'
    )
    assert [outcome for outcome, _, _ in outcomes] == ["Passed", "Failed", "Failed", "Failed", "Failed"]


def test_an_invalid_where_is_named(people: Any, evaluate: Any) -> None:
    with pytest.raises(
        IllegalArgumentException, match='Rule IsComplete "id" where "nope = 1" has provided an invalid where clause :'
    ):
        evaluate(people, 'IsComplete "id" where "nope = 1"')  # fmt: skip


def test_names_with_dots_quotes_and_accents(dynamic: Dynamic, evaluate: Any) -> None:
    frame = dynamic("`a.b` int, `é ``x``` string", (1, "ß"), (2, "œ"))
    outcomes = evaluate(frame, 'ColumnValues "a.b" > 0', 'IsUnique "é `x`"', 'ColumnValues "é `x`" in ["ß", "œ"]')
    assert [outcome for outcome, _, _ in outcomes] == ["Passed"] * 3
