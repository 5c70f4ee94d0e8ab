"""dbt-athena: a project of seeds, tables, views, incremental and Iceberg models, snapshots and tests, built twice."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.public_clients.conftest import Script
from tests.query.asking import Asking

pytestmark = [pytest.mark.long, pytest.mark.engine]


@pytest.fixture(scope="module")
def built(readings: Asking, run_on_athena: Script, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The status of each node after each command, in both passes; the second has a changed seed."""
    folder = tmp_path_factory.mktemp("dbt") / "project"
    shutil.copytree(Path(__file__).parent / "dbt_project", folder)
    environment = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DBT_PROFILES_DIR": str(folder)}
    passes: list[dict[str, Any]] = run_on_athena("dbt_athena", "dbt_commands.py", cwd=folder, **environment)
    return passes


def test_every_node_succeeds_twice(built: list[dict[str, Any]]) -> None:
    for done in built:
        assert {command: len(nodes) for command, nodes in done.items()} == {
            "seed": 2,
            "run": 6,
            "snapshot": 2,
            "test": 5,
        }
        ends = {f"{command} {node}": end for command, nodes in done.items() for node, end in nodes.items()}
        assert {name: end for name, end in ends.items() if not end.startswith(("success", "pass"))} == {}


def test_tables_and_views_have_the_rows_of_the_second_pass(built: list[dict[str, Any]], readings: Asking) -> None:
    assert readings.rows("select road, vehicles from busiest order by road")[1:] == [
        *(["E19", "10"], ["E40", "120"], ["R0 ring", "90"]),
    ]
    assert readings.rows("select count(*), count(distinct day) from daily")[1:] == [["5", "2"]]
    assert readings.rows("select id, opened from sites order by id")[1:] == [
        *(["1", "1972-05-01"], ["2", "1958-04-17"], ["3", None]),
    ]
    assert readings.rows("select count(opened) from iced")[1:] == [["2"]]


def test_incremental_models_keep_their_rows(built: list[dict[str, Any]], readings: Asking) -> None:
    assert readings.rows("select run, count(*) from appended group by run order by run")[1:] == [["1", "3"], ["2", "3"]]
    # Only the last day is written again.
    assert readings.rows("select day, road from arrivals where road like 'R0%' order by day")[1:] == [
        *(["2026-01-01", "R0"], ["2026-01-02", "R0 ring"]),
    ]
    assert readings.rows("select road, vehicles, run, days from totals order by road")[1:] == [
        ["E19", "10", "2", "1"],
        ["E40", "220", "2", "2"],
        ["R0", "170", "1", None],
        ["R0 ring", "170", "2", "2"],
    ]


@pytest.mark.parametrize("snapshot", ["sites_history", "roads_history"])
def test_snapshots_close_the_row_that_changed(built: list[dict[str, Any]], readings: Asking, snapshot: str) -> None:
    sql = f"select id, road, dbt_valid_to is null from {snapshot} order by id, road"
    assert readings.rows(sql)[1:] == [
        ["1", "E40", "true"],
        ["2", "R0", "false"],
        ["2", "R0 ring", "true"],
        ["3", "E19", "true"],
    ]


def test_descriptions_are_kept_in_the_catalog(built: list[dict[str, Any]], readings: Asking) -> None:
    table = readings.glue.get_table(DatabaseName=readings.database, Name="daily")["Table"]
    columns = {each["Name"]: each.get("Comment") for each in table["StorageDescriptor"]["Columns"]}
    assert (table["Description"], columns["road"]) == ("vehicles by road and day", "the road's number")
    iced = readings.glue.get_table(DatabaseName=readings.database, Name="iced")["Table"]
    assert iced["Parameters"]["table_type"] == "ICEBERG"
