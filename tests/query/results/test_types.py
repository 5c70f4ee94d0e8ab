"""The engine's types and values in Athena's format."""

from typing import Any

import pytest

from glue_local.query.results.types import column_info, split, text_of
from glue_local.query.statement import Column


@pytest.mark.parametrize(
    ("engine", "shown", "precision", "scale", "case"),
    [
        ("integer", "integer", 10, 0, False),
        ("bigint", "bigint", 19, 0, False),
        ("double", "double", 17, 0, False),
        ("real", "float", 17, 0, False),
        ("boolean", "boolean", 0, 0, False),
        ("varchar", "varchar", 2147483647, 0, True),
        ("varchar(5)", "varchar", 5, 0, True),
        ("char(3)", "char", 3, 0, True),
        ("decimal(10,2)", "decimal", 10, 2, False),
        ("date", "date", 0, 0, False),
        ("timestamp(3)", "timestamp", 3, 0, False),
        ("timestamp(6) with time zone", "timestamp with time zone", 6, 0, False),
        ("array(varchar)", "array", 0, 0, False),
        ("map(varchar, row(a integer))", "map", 0, 0, False),
        ("interval day to second", "interval day to second", 0, 0, False),
    ],
)
def test_a_column_is_described(engine: str, shown: str, precision: int, scale: int, case: bool) -> None:
    info = column_info(Column("c", engine))
    found = (info["Type"], info["Precision"], info["Scale"], info["CaseSensitive"])
    assert found == (shown, precision, scale, case)
    assert (info["Name"], info["Label"], info["CatalogName"], info["Nullable"]) == ("c", "c", "hive", "UNKNOWN")


@pytest.mark.parametrize(
    ("engine", "value", "text"),
    [
        ("boolean", True, "true"),
        ("double", "1.0E10", "1.0E10"),
        ("varbinary", "aGk=", "68 69"),
        ("array(varchar)", ["a", None, "b, c"], "[a, null, b, c]"),
        ("map(varchar, boolean)", {"a": True, "b": None}, "{a=true, b=null}"),
        ("row(x integer, y array(double))", [1, ["2.0"]], "{x=1, y=[2.0]}"),
        ('row("a b" integer, "q""t" varchar)', [1, "z"], '{a b=1, q"t=z}'),
        (
            "row(integer, timestamp(3) with time zone)",
            [1, "2020-01-01 00:00:00.000 UTC"],
            "{field0=1, field1=2020-01-01 00:00:00.000 UTC}",
        ),
        ("row(t timestamp(3) with time zone)", ["2020-01-01 00:00:00.000 UTC"], "{t=2020-01-01 00:00:00.000 UTC}"),
        ("array(array(row(a integer)))", [[[1], None]], "[[{a=1}, null]]"),
    ],
)
def test_values_are_formatted(engine: str, value: Any, text: str) -> None:
    assert text_of(engine)(value) == text


def test_a_type_is_split_at_top_level_commas() -> None:
    assert split('map(varchar, row("a,b" decimal(3,1), c integer))') == (
        "map",
        ["varchar", 'row("a,b" decimal(3,1), c integer)'],
    )
