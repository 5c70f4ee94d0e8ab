"""PyAthena with every cursor, and SQLAlchemy on it."""

from typing import Any

import pytest

from tests.public_clients.conftest import Script
from tests.query.asking import Asking

pytestmark = [pytest.mark.long, pytest.mark.engine]

COLUMNS = ["id", "name", "seen", "day_of", "price", "ok", "small", "big", "tags", "counts", "place", "country"]
SCALARS = [1, 'E40 "Brussel", Léon', "2026-01-02 03:04:05.678000", "2026-01-02", "12.50", True, 0.5, 1e10]
EMPTY = [2, *[None] * 10, "NL"]

# PyAthena parses the text of nested values in rows, keeps the text in frames from CSV, and gets types from Parquet.
NESTED: dict[str, list[list[Any]]] = {
    "rows": [[["a", "b"], {"x": "1"}, {"lat": "50.5", "lon": "4.25"}]],
    "csv": [["[a, b]", "{x=1}", "{lat=50.5, lon=4.25}"]],
    "unload": [[["a", "b"], counts, {"lat": 50.5, "lon": 4.25}] for counts in ([["x", 1]], {"x": 1})],
}
CURSORS = {
    **{f"{family}{kind}Cursor": "rows" for family in ("", "Async", "Aio") for kind in ("", "Dict", "S3FS")},
    **{f"{family}{kind}Cursor": "csv" for family in ("", "Async", "Aio") for kind in ("Pandas", "Arrow", "Polars")},
    **{
        f"{family}{kind}Cursor unload": "unload"
        for family in ("", "Async", "Aio")
        for kind in ("Pandas", "Arrow", "Polars")
    },
}


@pytest.fixture(scope="module")
def fetched(run_on_athena: Script) -> dict[str, dict[str, Any]]:
    """The columns and rows that each cursor fetched."""
    found: dict[str, dict[str, Any]] = run_on_athena("pyathena", "pyathena_cursors.py", AWS_ALLOW_HTTP="true")
    return found


def test_every_cursor_was_run(fetched: dict[str, dict[str, Any]]) -> None:
    assert fetched.keys() == CURSORS.keys()


@pytest.mark.parametrize("cursor", CURSORS)
def test_a_cursor_returns_the_rows(fetched: dict[str, dict[str, Any]], cursor: str) -> None:
    assert fetched[cursor]["columns"] == COLUMNS
    # UNLOAD does not preserve the order.
    full, empty = sorted(fetched[cursor]["rows"], key=lambda row: row[0])
    assert (full[:8], full[11]) == (SCALARS, "BE")
    assert full[8:11] in NESTED[CURSORS[cursor]]
    # Arrow's CSV reader does not distinguish an empty string from null.
    assert [None if value == "" else value for value in empty] == EMPTY


@pytest.fixture(scope="module")
def reflected(run_on_athena: Script) -> dict[str, Any]:
    """The output of the SQLAlchemy script."""
    found: dict[str, Any] = run_on_athena("pyathena", "sqlalchemy_dialects.py", AWS_ALLOW_HTTP="true")
    return found


def test_sqlalchemy_creates_writes_and_reads(reflected: dict[str, Any], readings: Asking) -> None:
    assert readings.rows("select id, name, length from sites order by id")[1:] == [
        *(["1", "E40", "1.5"], ["2", "R0 'ring'", None]),
    ]
    assert readings.rows("select * from longest") == [["length"], ["1.5"]]
    table = readings.glue.get_table(DatabaseName=readings.database, Name="sites")["Table"]
    assert table["Parameters"]["table_type"] == "ICEBERG"
    assert reflected["by orm"] == [2, "R0 'ring'", None]
    assert reflected["passing"] == [True, False]
    assert reflected["joined"] == 2
    rows = [[1, 'E40 "Brussel", Léon'], [2, None], [3, ""]]
    assert {driver: [[key, name or ""] for key, name in found] for driver, found in reflected["rows"].items()} == {
        driver: [[key, name or ""] for key, name in rows] for driver in ("rest", "pandas", "arrow", "polars", "s3fs")
    }


def test_sqlalchemy_reflects_tables_and_views(reflected: dict[str, Any], readings: Asking) -> None:
    assert readings.database in reflected["schemas"]
    assert reflected["tables"] == ["readings", "sites"]
    assert reflected["views"] == ["longest"]
    assert "max(length)" in reflected["definition"]
    assert reflected["has"] == [True, False]
    assert reflected["columns"]["sites"] == {"id": "INTEGER", "name": "VARCHAR", "length": "DOUBLE"}
    readings_columns = reflected["columns"]["readings"]
    assert (readings_columns["price"], readings_columns["seen"]) == ("DECIMAL(10, 2)", "TIMESTAMP")
    assert reflected["comment"] == {"text": "counting sites"}
    assert reflected["partitioned by"] == ["country"]
    assert reflected["options"]["awsathena_location"] == f"s3://{readings.bucket}/readings/"
