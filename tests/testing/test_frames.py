"""The messages for frames that differ."""

from typing import Any

import pytest

from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from glue_local.testing import assert_frames_equal

ALICE = {"id": 1, "name": "Alice", "price": 10.0}
BOB = {"id": 2, "name": "Bob", "price": 12.5}


def screen(actual: Any, expected: Any, **options: Any) -> str:
    with pytest.raises(AssertionError) as error:
        assert_frames_equal(actual, expected, **options)
    return str(error.value)


def test_differing_rows_are_shown_as_a_table() -> None:
    actual = [ALICE, {**BOB, "price": 12.0}, {"id": 4, "name": "Dave", "price": 9.0}]
    expected = [{"id": 3, "name": None, "price": 1.0}, BOB, ALICE]
    assert screen(actual, expected) == (
        "frames differ in their rows: 1 different, 1 missing, 1 unexpected, 1 equal\n"
        "\n"
        "     id  name  price\n"
        "  -  2   Bob   12.5\n"
        "  +  2   Bob   12.0\n"
        "               ^^^^\n"
        "  -  3   null  1.0\n"
        "  +  4   Dave  9.0\n"
        "\n"
        "  - expected   + actual"
    )


def test_differing_columns_are_listed() -> None:
    assert screen([ALICE], [{"id": 1, "name": "Alice", "day": "x"}]) == (
        "frames differ in their columns\n\n  - day ?\n\n  - expected   + actual   equal: id, name, price"
    )


def test_the_order_of_rows_and_columns_is_ignored() -> None:
    assert_frames_equal([ALICE, BOB], [dict(reversed(BOB.items())), ALICE])
    assert "2 different" in screen([ALICE, BOB], [BOB, ALICE], ordered=True)


def test_duplicate_rows_count() -> None:
    assert "1 unexpected, 2 equal" in screen([ALICE, ALICE, BOB], [ALICE, BOB])
    assert "1 missing, 1 equal" in screen([ALICE], [ALICE, ALICE])


def test_floats_may_differ_by_the_tolerance_and_nan_equals_nan() -> None:
    assert_frames_equal([{"x": 0.1 + 0.2, "y": float("nan")}], [{"x": 0.3, "y": float("nan")}], tolerance=1e-9)
    assert "^^^" in screen([{"x": 0.1 + 0.2, "y": 1}], [{"x": 0.3, "y": 1}])


def test_values_that_look_alike_are_distinguished() -> None:
    lines = screen([{"a": 1, "b": "1"}], [{"a": 1, "b": 1}]).splitlines()
    assert lines[3:5] == ["  -  1  1", "  +  1  '1'"]
    assert "' '" in screen([{"a": 1, "b": " "}], [{"a": 1, "b": "x"}])


def test_many_differences_and_wide_rows_are_shortened() -> None:
    wide = {f"column_{n}": n for n in range(2000)}
    text = screen([{**wide, "column_1999": 0}], [wide])
    assert max(map(len, text.splitlines())) < 130
    assert "column_1999" in text
    assert "equal columns are not shown" in text
    assert "… and 81 more rows" in screen([{"n": -1}], [{"n": n} for n in range(100)])


def test_an_invalid_expected_row_raises_type_error() -> None:
    with pytest.raises(TypeError, match=r"a tuple of id, name, price, not \(1, 2\)"):
        assert_frames_equal([ALICE], [(1, 2)])


@pytest.mark.spark
def test_frames_of_spark_and_of_glue(glue_context: GlueContext) -> None:
    frame = glue_context.spark_session.createDataFrame([(1, "a"), (2, None)], "id int, name string")
    dynamic = DynamicFrame.fromDF(frame, glue_context, "f")
    assert_frames_equal(dynamic, [(2, None), (1, "a")])
    assert_frames_equal(frame.select("name", "id"), dynamic)
    typed = screen(frame, frame.selectExpr("cast(id AS bigint) AS id", "name", "1 AS n"))
    assert typed.splitlines()[2:5] == ["  - id bigint", "  + id int", "  - n int"]
