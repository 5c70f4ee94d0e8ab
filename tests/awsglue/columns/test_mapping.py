"""The source types of apply_mapping."""

from typing import Any

import pytest

from awsglue.columns.source_types import family
from awsglue.dynamicframe import DynamicFrame
from awsglue.json_types import inference


@pytest.fixture
def mixed(glue_context: Any) -> DynamicFrame:
    """A frame with a number, a string, and choices."""
    spark = glue_context.spark_session
    documents = ['{"n": 5, "s": "7", "c": 1, "m": 2, "l": [1]}', '{"n": 6, "s": "x", "c": "y", "m": 2.5, "l": [2]}']
    texts = spark.createDataFrame([(one,) for one in documents], "value string")
    return DynamicFrame(inference.records(texts), glue_context, "mixed")


def test_values_of_another_type_than_the_source_type_become_null(mixed: DynamicFrame, rows: Any) -> None:
    """https://github.com/awsdocs/aws-glue-developer-guide/issues/3"""
    wrong = mixed.apply_mapping(
        [("n", "string", "n", "string"), ("s", "int", "s", "int"), ("l", "string", "l", "string")]
    )
    assert rows(wrong) == [{"n": None, "s": None, "l": None}] * 2
    assert [one.dataType.typeName() for one in wrong.schema()] == ["string", "int", "string"]


def test_numbers_convert_into_each_other(mixed: DynamicFrame, rows: Any) -> None:
    long = mixed.apply_mapping([("n", "long", "n", "string"), ("n", "decimal(10,2)", "d", "double")])
    assert rows(long) == [{"n": "5", "d": 5.0}, {"n": "6", "d": 6.0}]


def test_a_source_type_takes_the_values_of_that_type_from_a_choice(mixed: DynamicFrame, rows: Any) -> None:
    taken = mixed.apply_mapping(
        [("c", "string", "text", "string"), ("c", "long", "number", "long"), ("m", "double", "m", "double")]
    )
    assert rows(taken) == [
        {"text": "y", "number": None, "m": 2.5},
        {"text": None, "number": 1, "m": 2.0},
    ]
    assert rows(mixed.apply_mapping([("c", "c", "string")])) == [{"c": "1"}, {"c": "y"}]


def test_an_exact_name_wins_over_one_in_another_case(glue_context: Any, rows: Any) -> None:
    spark = glue_context.spark_session
    texts = spark.createDataFrame([('{"Name": "a", "name": "b"}',)], "value string")
    frame = DynamicFrame(inference.records(texts), glue_context, "names")
    assert rows(frame.apply_mapping([("name", "string", "x", "string"), ("NAME", "string", "y", "string")])) == [
        {"x": "b", "y": "a"}
    ]


def test_families_of_types() -> None:
    names = ("varchar(20)", "Decimal(5,1)", "array<int>", "set", "timestamp_ntz", "nonsense")
    assert [family(name) for name in names] == ["string", "number", "array", "array", "timestampntz", None]
