"""EvaluateDataQuality as in AWS's tutorials, and its row-level outcomes."""

from collections.abc import Callable
from typing import Any

import pytest

from awsglue.transforms import SelectFromCollection
from awsgluedq.transforms import EvaluateDataQuality

pytestmark = pytest.mark.spark

Dynamic = Callable[..., Any]
PASS, FAIL, SKIP, RESULT = (
    f"DataQuality{name}" for name in ("RulesPass", "RulesFail", "RulesSkip", "EvaluationResult")
)
PUBLISHING = {
    "dataQualityEvaluationContext": "EvaluateDataQualityMultiframe",
    "enableDataQualityCloudWatchMetrics": False,
    "enableDataQualityResultsPublishing": False,
}


def rows(collection: Any, *columns: str) -> list[tuple[Any, ...]]:
    frame = collection["rowLevelOutcomes"].toDF()
    return [tuple(row) for row in frame.orderBy(frame.columns[0]).select(*columns).collect()]


def test_the_tutorial_for_notebooks(dynamic: Dynamic) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/data-quality-gs-studio-notebooks.html."""
    medicare = dynamic(
        "`Provider Id` int, ` Total Discharges ` int", (10001, 91), (10005, 14), (30002, 11), (10006, 24)
    )
    ruleset = """
        Rules = [
            ColumnExists "Provider Id",
            IsComplete "Provider Id",
            ColumnValues  " Total Discharges " > 15
    ]
        ]
    """
    multiframe = EvaluateDataQuality().process_rows(
        frame=medicare,
        ruleset=ruleset,
        publishing_options=PUBLISHING,
        additional_options={"performanceTuning.caching": "CACHE_NOTHING"},
    )
    outcomes = SelectFromCollection.apply(dfc=multiframe, key="ruleOutcomes", transformation_ctx="ruleOutcomes").toDF()
    assert outcomes.columns == ["Rule", "Outcome", "FailureReason", "EvaluatedMetrics"]
    assert [tuple(row) for row in outcomes.collect()] == [
        ('ColumnExists "Provider Id"', "Passed", None, {}),
        ('IsComplete "Provider Id"', "Passed", None, {"Column.Provider Id.Completeness": 1.0}),
        (
            'ColumnValues " Total Discharges " > 15',
            "Failed",
            "Value: 11.0 does not meet the constraint requirement!",
            {"Column. Total Discharges .Minimum": 11.0},
        ),
    ]
    complete, values, exists = (
        'IsComplete "Provider Id"',
        'ColumnValues " Total Discharges " > 15',
        'ColumnExists "Provider Id"',
    )
    assert rows(multiframe, "Provider Id", PASS, FAIL, SKIP, RESULT) == [
        (10001, [complete, values], [], [exists], "Passed"),
        (10005, [complete], [values], [exists], "Failed"),
        (10006, [complete, values], [], [exists], "Passed"),
        (30002, [complete], [values], [exists], "Failed"),
    ]
    assert multiframe["originalData"].toDF().columns == ["Provider Id", " Total Discharges "]


@pytest.mark.parametrize(
    ("option", "left_out"), [({}, "PASSED"), ({"rowLevelConfiguration.filteredRowLabel": "SKIPPED"}, "SKIPPED")]
)
def test_rows_excluded_by_a_where_clause(dynamic: Dynamic, option: Any, left_out: str) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/dqdl.html#dqdl-filtering-data-in-dqdl, its table."""
    data = [(1, "a", "f"), (2, "b", "d"), (3, "a", None), (4, "a", "f"), (5, "b", None), (6, "a", "f")]
    collection = EvaluateDataQuality().process_rows(
        frame=dynamic("id int, att1 string, att2 string", *data),
        ruleset="""Rules = [ IsComplete "att2" where "att1 = 'a'" ]""",
        additional_options=option,
    )
    label = {PASS: "PASSED", FAIL: "FAILED", SKIP: "SKIPPED"}
    found = [
        next(label[name] for name, listed in zip(label, lists, strict=True) if listed)
        for lists in rows(collection, PASS, FAIL, SKIP)
    ]
    assert found == ["PASSED", left_out, "FAILED", "PASSED", left_out, "PASSED"]
    assert [result for (result,) in rows(collection, RESULT)] == [
        "Passed",
        "Passed",
        "Failed",
        "Passed",
        "Passed",
        "Passed",
    ]


def test_a_composite_rule_by_columns_and_by_rows(dynamic: Dynamic) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/dqdl.html#dqdl-syntax-composite-rules, its dataset."""
    frame = dynamic("myCol1 int, myCol2 int", (2, 1), (0, 3))
    rule = '(ColumnValues "myCol1" > 1) OR (ColumnValues "myCol2" > 2)'
    by_column = EvaluateDataQuality.apply(frame=frame, ruleset=f"Rules = [{rule}]").toDF().first()
    assert by_column is not None
    assert (by_column.Rule, by_column.Outcome) == (rule, "Failed")
    by_row = EvaluateDataQuality().process_rows(
        frame=frame, ruleset=f"Rules = [{rule}]", additional_options={"compositeRuleEvaluation.method": "ROW"}
    )
    assert by_row["ruleOutcomes"].toDF().first().Outcome == "Passed"
    assert rows(by_row, "myCol1", PASS, RESULT) == [(0, [rule], "Passed"), (2, [rule], "Passed")]


def test_rows_of_keys_references_and_queries(dynamic: Dynamic) -> None:
    frame = dynamic("id int, zip string", (1, "9000"), (2, "x"), (2, "9000"), (None, None))
    rules = [
        'IsPrimaryKey "id"',
        'IsUnique "zip"',
        'ReferentialIntegrity "zip" "ref.zip" = 1.0',
        'CustomSql "select id from primary where id > 1"',
        'Sum "id" > 0',
    ]
    collection = EvaluateDataQuality().process_rows(
        frame=frame,
        ruleset=f"Rules = [{', '.join(rules)}]",
        additional_data_sources={"ref": dynamic("zip string", ("9000",), ("9000",))},
    )
    key, unique, reference, sql, total = rules
    found = sorted(rows(collection, "id", "zip", PASS, SKIP), key=str)
    assert found == [
        (1, "9000", [key, reference], [total]),
        (2, "9000", [reference, sql], [total]),
        (2, "x", [unique, sql], [total]),
        (None, None, [unique], [total]),
    ]


def test_options_not_emulated_and_wrong_frames_are_named(dynamic: Dynamic, caplog: pytest.LogCaptureFixture) -> None:
    frame, ruleset = dynamic("a int", (1,)), "Rules = [RowCount = 1]"
    with pytest.raises(NotImplementedError, match="publishing_options: resultsS3Prefix is not emulated"):
        EvaluateDataQuality.apply(frame, ruleset, {"resultsS3Prefix": "s3://b/"})
    with pytest.raises(NotImplementedError, match="publishAggregatedMetrics.status: ENABLED is not emulated"):
        EvaluateDataQuality().process_rows(
            frame, ruleset, additional_options={"publishAggregatedMetrics.status": "ENABLED"}
        )
    with pytest.raises(TypeError, match="expects a DynamicFrame, got DataFrame"):
        EvaluateDataQuality.apply(frame.toDF(), ruleset)
    EvaluateDataQuality.apply(frame, ruleset, {"enableDataQualityCloudWatchMetrics": "true"})
    assert "enableDataQualityCloudWatchMetrics is ignored: results are not published locally" in caplog.text
