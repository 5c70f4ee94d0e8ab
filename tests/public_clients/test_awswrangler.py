"""awswrangler: Athena queries with CTAS, with UNLOAD and plain, tables from frames, the catalog and S3."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from glue_local.server import Server
from tests.public_clients.conftest import Installed, Script
from tests.public_clients.installed import environment_of, run
from tests.query.asking import Asking

SCRIPTS = Path(__file__).parent / "scripts"
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def athena(run_on_athena: Script) -> dict[str, Any]:
    """The output of the Athena script."""
    found: dict[str, Any] = run_on_athena("awswrangler", "awswrangler_athena.py")
    return found


@pytest.mark.engine
@pytest.mark.parametrize("way", ["ctas", "unload", "plain"])
def test_query_results_are_read(athena: dict[str, Any], way: str) -> None:
    found = athena["queries"][way]
    rows = sorted(found["rows"], key=lambda row: row[0])
    tags = [] if way == "plain" else [["a", "b"]]
    name = 'E40 "Brussel", Léon'
    assert rows[0] == [1, name, "2026-01-02 03:04:05.678000", "12.50", True, *tags, "BE"]
    assert rows[1] == [2, None, None, None, None, *([None] * len(tags)), "NL"]
    assert found["types"]["id"] == "Int32"


@pytest.mark.engine
def test_chunks_parameters_and_whole_tables_are_read(athena: dict[str, Any]) -> None:
    assert (athena["queries"]["chunks"], athena["queries"]["bound"]) == ([1, 1, 1], [[1]])
    assert athena["queries"]["table"] == 3
    assert athena["left"] == []


@pytest.mark.engine
def test_a_partitioned_table_is_written_overwritten_and_gets_a_new_column(
    athena: dict[str, Any], readings: Asking
) -> None:
    found = athena["tables"]
    assert sorted(found["partitions written"]) == [["2026-01-01"], ["2026-01-02"]]
    assert found["rows"] == [[1, 0.5, "2026-01-01"], [2, None, "2026-01-01"], [3, 9.0, "2026-01-02"]]
    assert found["types"] == {"id": "bigint", "value": "double", "note": "string", "day": "string"}
    assert found["partitions"] == [["2026-01-01"], ["2026-01-02"]]
    assert found["after append"] == [[6, 3]]
    assert readings.rows("select id, value, note, day from counts order by id, note")[1:] == [
        *(["1", "0.5", "n", "2026-01-01"], ["1", "0.5", None, "2026-01-01"]),
        *(["2", None, "n", "2026-01-01"], ["2", None, None, "2026-01-01"]),
        *(["3", "1.5", "n", "2026-01-02"], ["3", "9.0", None, "2026-01-02"]),
    ]
    partitions = readings.glue.get_partitions(DatabaseName=readings.database, TableName="counts")["Partitions"]
    assert sorted(each["Values"] for each in partitions) == [["2026-01-01"], ["2026-01-02"]]


@pytest.mark.engine
def test_a_table_is_repaired_and_copied(athena: dict[str, Any], readings: Asking) -> None:
    found = athena["repaired"]
    assert (found["state"], found["rows"], found["copied"]) == ("SUCCEEDED", [[7, "2026-02-01"]], [[7]])
    assert found["definition"].startswith("CREATE EXTERNAL TABLE `repaired`(")
    assert [row[:2] for row in found["described"]] == [["id", "bigint"], ["day", "string"]]
    assert readings.rows("select id, day from repaired")[1:] == [["7", "2026-02-01"]]
    assert readings.rows("select id from copied")[1:] == [["7"]]


@pytest.mark.engine
def test_an_iceberg_table_is_written_merged_and_deleted_from(athena: dict[str, Any], readings: Asking) -> None:
    # A query with CTAS does not keep the order.
    assert sorted(athena["iceberg"]["rows"]) == [[2, "B", 1.5], [3, "c", 2.5]]
    assert athena["iceberg"]["columns"] == ["id", "name", "more"]
    assert readings.rows("select id, name, more from iced order by id")[1:] == [["2", "B", "1.5"], ["3", "c", "2.5"]]


def test_catalog_and_s3_functions(
    endpoint: Server, aws: Callable[..., Any], installed: Installed, tmp_path: Path
) -> None:
    aws("s3").create_bucket(Bucket="wrangler")
    environment = environment_of(endpoint.port, DATABASE="roads", STAGING="s3://wrangler/")
    command = [str(installed("awswrangler") / "python"), str(SCRIPTS / "awswrangler_glue.py")]
    found = json.loads(run(command, tmp_path, **environment))
    assert found["s3"] == {
        "read": {"parquet": 2, "csv": 2, "json": 2, "orc": 2},
        "listed": ["frame.csv", "frame.json", "frame.orc", "frame.parquet"],
        "size": 15,
        "gone": True,
    }
    keys = [each["Key"] for each in aws("s3").list_objects_v2(Bucket="wrangler")["Contents"]]
    assert keys == [f"catalog/frame.{suffix}" for suffix in ("csv", "json", "orc", "parquet")]
    assert [each["Name"] for each in aws("glue").get_databases()["DatabaseList"]] == []
    assert found["catalog"] == {
        "types": {"id": "bigint", "name": "string", "more": "double", "day": "string"},
        "comments": {"id": "the key", "name": None, "more": "later", "day": None},
        "description": "a table",
        "parameters": {"source": "test", "checked": "yes"},
        "location": "s3://wrangler/catalog/t/",
        "partitions": [["2"]],
        "searched": ["t"],
        "prefixed": ["t"],
        "deleted": [True, False],
    }
