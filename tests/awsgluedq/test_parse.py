"""DQDL as documented: https://docs.aws.amazon.com/glue/latest/dg/dqdl.html."""

import pytest

from awsgluedq.evaluate import _PLANNERS
from awsgluedq.parse import parse
from awsgluedq.rule_types import RULE_TYPES
from awsgluedq.ruleset import Composite, Condition, Operand, Rule
from awsgluedq.tokens import BadRuleset

# The examples on the pages of the rule types.
DOCUMENTED = """
RowCount between 10 and 20 | ColumnCount > 10 | ColumnCount between 10 and 20 | ColumnExists "Middle_Name"
ColumnValues "Country" in [ "US", "CA", "UK", NULL, EMPTY, WHITESPACES_ONLY ]
ColumnValues "gender" in ["F", "M"] where "weightinkgs < 10" | ColumnValues "First_Name" matches "[a-zA-Z]*"
ColumnValues "Load_Date" > (now() - 3 days) | ColumnValues "Customer_ID" between 1 and 2000
ColumnValues "colA" in ["A", "B"] with threshold > 0.8 | ColumnValues "colA" not between "2022-05-31" and "2022-06-30"
ColumnValues "colA" matches "[a-zA-Z]*" with threshold between 0.2 and 0.9 | ColumnValues "Age" not in [21, 22, 23, NULL]
ColumnValues "colB" in ["A", "B"] where "colC is not null" with threshold > 0.9
ColumnLength "Postal_Code" = 5 | ColumnLength "colC" > 10 where "colD != Concat(colE, colF)"
ColumnDataType "colA" = "INTEGER" with threshold > 0.9 | ColumnNamesMatchPattern "aws_.*"
ColumnCorrelation "height" "weight" > 0.8 | Completeness "First_Name" > 0.95 | Completeness "colA" = "1.0"
CustomSql "select count(*) from primary" between 10 and 20 | CustomSql "select Name from primary where Age > 18"
CustomSQL "select ID, CustomerID from primary where age > 10" with threshold > 0.5
DataFreshness "Order_Date" <= 24 hours | DataFreshness "Order_Date" between 2 days and 5 days
DatasetMatch "reference" "ID_1->ID_ref1,ID_2->ID_ref2" "Amount1->Amount2" >= 0.9
DistinctValuesCount "State" > 3 | Entropy "Star_Rating" > 1 | IsComplete "email" | IsUnique "email"
IsPrimaryKey "colA" "colB" | Mean "colA" between 80 and 100 | StandardDeviation "Star_Rating" < 1.5
ReferentialIntegrity "city,state" "reference.{ref_city,ref_state}" = 1.0 | RowCountMatch "reference" >= 0.9
AggregateMatch "avg(ratings)" "avg(reference.ratings)" >= 0.9 | SchemaMatch "reference" = 1.0
Sum "transaction_total" > 500000 | Uniqueness "email" = 1.0 | UniqueValueRatio "test_score" between 0 and 0.5
(IsComplete "id") and (IsUnique "id") | (RowCount "id" > 100) or (IsPrimaryKey "id")
(Mean "Star_Rating" > 3) and (Mean "Order_Total" > 500) and (IsComplete "Order_Id")
(Mean "Star_Rating" > 3) and ((Mean "Order_Total" > 500) or (IsComplete "Order_Id"))
(ColumnValues "Age" > 21) OR (ColumnValues "Age" = NULL) | ColumnValues "Age" != null
"""
EXAMPLES = [rule.strip() for line in DOCUMENTED.strip().splitlines() for rule in line.split(" | ")]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_documented_rules(example: str) -> None:
    (rule,) = parse(f"Rules = [\n  {example}\n]")
    assert rule.text == example


def test_every_rule_type_has_an_example_and_an_evaluation() -> None:
    kinds = {word.strip("(") for example in EXAMPLES for word in example.replace("CustomSQL", "CustomSql").split()}
    assert set(RULE_TYPES) - kinds == set()
    assert set(RULE_TYPES) == set(_PLANNERS)


def test_the_parts_of_a_rule() -> None:
    (rule,) = parse('Rules = [ColumnValues  "a"  not in [1, "x", NULL] where "b > \\"1\\"" with threshold >= .5]')
    assert rule == Rule(
        'ColumnValues "a" not in [1, "x", NULL] where "b > \\"1\\"" with threshold >= .5',
        "ColumnValues",
        ("a",),
        Condition("not in", (Operand("number", 1.0), Operand("text", "x"), Operand("keyword", "NULL"))),
        'b > "1"',
        Condition(">=", (Operand("number", 0.5),)),
    )
    (moment,) = parse('Rules = [ColumnValues "a" > (now() - 3 days)]')
    assert isinstance(moment, Rule)
    assert moment.condition == Condition(">", (Operand("moment", -3 * 86400.0),))
    (both,) = parse('Rules = [(RowCount > 0) or ((IsComplete "a") and (IsUnique "a"))]')
    assert isinstance(both, Composite)
    assert (both.operator, [type(each).__name__ for each in both.rules]) == ("or", ["Rule", "Composite"])


def test_constants_comments_and_the_tutorials_second_bracket() -> None:
    rules = parse('sql = "select count(*) from primary"\n# one\nRules = [ // two\n CustomSql $sql > 0, # three\n]\n]')
    assert [(rule.text, rule.parameters) for rule in rules if isinstance(rule, Rule)] == [
        ("CustomSql $sql > 0", ("select count(*) from primary",))
    ]


@pytest.mark.parametrize(
    ("ruleset", "message"),
    [
        ("", "line 1: no rules: write Rules = [ … ]"),
        ("Rules = []", "no rules"),
        ('Rules = [\n IsComplete "a"\n IsUnique "a"]', "line 3: expected ',', not 'IsUnique'"),
        ("Rules = [isComplete a]", "unknown rule type isComplete: use one of AggregateMatch"),
        ('Rules = [Mean "a"]', 'line 1: Mean "a": a condition is required'),
        ('Rules = [IsComplete "a" > 1]', "a condition is not allowed"),
        ("Rules = [IsComplete]", "expected 1 parameters, got 0"),
        ('Rules = [Mean "a" > 1 with threshold > 0.5]', "a threshold is not allowed"),
        ('Rules = [CustomSql "select 1" > 1 with threshold > 0.5]', "use a condition or a threshold, not both"),
        ('Rules = [Mean "a" between 1 or 2]', "between needs two values"),
        ("Rules = [RowCount > $n]", "the constant n is not defined"),
        ("Rules = [(RowCount > 1) and (RowCount > 2) or (RowCount > 3)]", "put parentheses around the parts"),
        ("Rules = [RowCount > ;]", "unexpected ';]'"),
    ],
)
def test_invalid_dqdl_is_reported_with_its_line(ruleset: str, message: str) -> None:
    with pytest.raises(BadRuleset) as error:
        parse(ruleset)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("ruleset", "message"),
    [
        (
            'Rules = [DetectAnomalies "RowCount"]',
            "the DQDL rule type DetectAnomalies is not emulated: it needs statistics",
        ),
        ('Rules = [FileFreshness "s3://b/" > 1]', "FileFreshness is not emulated: it checks files"),
        ("Rules = [RowCount > avg(last(3))]", r"dynamic rules \(avg\(…\)\) are not emulated: they need earlier runs"),
        ('Rules = [RowCount > 1] Analyzers = [ColumnLength "Name"]', "Analyzers are not emulated"),
        ('Rules = [IsComplete "a" labels=["x"="y"]]', "labels are not emulated"),
    ],
)
def test_unsupported_rules_are_refused_by_name(ruleset: str, message: str) -> None:
    with pytest.raises(NotImplementedError, match=message):
        parse(ruleset)
