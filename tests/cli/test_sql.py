"""``glue-local sql`` as a command: results, formats, files, errors, Ctrl-C."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from glue_local.cli import app
from glue_local.cli.sql import formats
from glue_local.client import athena
from tests.cli.conftest import Answers
from tests.server_process import ServerProcess

if TYPE_CHECKING:
    from glue_local.server import Server

Cli = Callable[..., Result]
COLUMNS = {"road": "varchar", "speed": "double", "jams": "integer"}
ROWS = (["E17", "92.5", 2], ['the "R0", inner', None, 0])


@pytest.fixture
def cli(endpoint: "Server") -> Cli:
    def invoke(*arguments: str, given: str | None = None) -> Result:
        return CliRunner().invoke(app, ["sql", *arguments, "--endpoint-url", endpoint.endpoint], input=given)

    return invoke


def test_csv_is_the_default_in_a_pipe_and_is_quoted_like_athenas(cli: Cli, answers: Answers) -> None:
    with answers.rows(COLUMNS, *ROWS):
        done = cli("select road, speed, jams from sites", "--database", "traffic")
    assert done.exit_code == 0, done.output
    assert done.stdout == '"road","speed","jams"\n"E17","92.5","2"\n"the ""R0"", inner",,"0"\n'
    assert answers.asked[0]["Query"] == "select road, speed, jams from sites"
    assert answers.asked[0]["QueryExecutionContext"] == {"Database": "traffic"}
    location = answers.asked[0]["ResultConfiguration"]["OutputLocation"]
    assert location.startswith("s3://aws-athena-query-results-000000000000-us-east-1/")


def test_a_table_shows_nulls_and_the_scanned_bytes(cli: Cli, answers: Answers) -> None:
    with answers.rows(COLUMNS, *ROWS):
        done = cli("select 1", "--format", "table")
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    assert lines[0].split() == ["road", "speed", "jams"]
    assert lines[1].split() == ["E17", "92.5", "2"]
    assert lines[2].endswith("NULL     0")
    assert lines[3].startswith("2 rows, 0 bytes scanned, ")


def test_json_is_one_array_of_objects(cli: Cli, answers: Answers) -> None:
    with answers.rows({**COLUMNS, "price": "decimal(10,2)"}, ["E17", "NaN", 2, "1.50"], ["R0 é", None, None, None]):
        done = cli("select 1", "-f", "json")
    assert json.loads(done.stdout) == [
        {"road": "E17", "speed": "nan", "jams": 2, "price": "1.50"},
        {"road": "R0 é", "speed": None, "jams": None, "price": None},
    ]
    with answers.rows(COLUMNS):
        assert json.loads(cli("select 1", "-f", "json").stdout) == []


def test_the_suffix_of_the_output_determines_the_format(cli: Cli, answers: Answers, tmp_path: Path) -> None:
    file = tmp_path / "roads.parquet"
    with answers.rows({**COLUMNS, "price": "decimal(10,2)"}, ["E17", "92.5", 2, "1.50"]):
        done = cli("select 1", "--output", str(file))
    assert (done.exit_code, done.stdout) == (0, "")
    table = pq.read_table(file)
    assert [str(each) for each in table.schema.types] == ["string", "double", "int32", "decimal128(10, 2)"]
    assert table.to_pylist()[0]["speed"] == 92.5
    assert [each.name for each in tmp_path.iterdir()] == ["roads.parquet"]


def test_statements_are_read_from_standard_input_in_order(cli: Cli, answers: Answers) -> None:
    with answers.rows({"a": "integer"}, [1]), answers.rows({"a": "integer"}, [1]):
        done = cli(given="-- first\nselect ';';\nselect 2\n")
    assert done.stdout == '"a"\n"1"\n' * 2
    assert [each["Query"] for each in answers.asked] == ["-- first\nselect ';'", "select 2"]


def test_a_failed_query_is_reported_in_one_line_and_keeps_the_file(cli: Cli, answers: Answers, tmp_path: Path) -> None:
    file = tmp_path / "roads.csv"
    file.write_text("before")
    with answers.failure("COLUMN_NOT_FOUND: line 1:8: Column 'spede'\ncannot be resolved"):
        done = cli("select spede", "-o", str(file))
    assert done.exit_code == 1
    assert done.stderr == "glue-local: FAILED: COLUMN_NOT_FOUND: line 1:8: Column 'spede' cannot be resolved\n"
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("roads.csv", "before")]


def test_ctrl_c_stops_the_query(cli: Cli, answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    presses = iter([KeyboardInterrupt])

    def press(client: Any, query_id: str) -> Any:
        for each in presses:
            while not answers.asked:  # A query that is stopped before a worker has it is never claimed.
                time.sleep(0.02)
            raise each
        return waited(client, query_id)

    waited = athena.wait
    monkeypatch.setattr(athena, "wait", press)
    with answers.never():
        done = cli("select * from everything")
    assert done.exit_code == 130, done.output
    assert done.stderr == "stopped the query\n"


@pytest.mark.parametrize(
    ("arguments", "given", "line"),
    [
        ((), "", "no statement: pass one as an argument or on standard input"),
        ((), " ;; -- nothing\n", "no statement: pass one as an argument or on standard input"),
        (("select 1; select 2", "-o", "x.csv"), None, "--output takes the result of one statement, not of 2"),
        (("select 1", "-o", "absent/x.csv"), None, "cannot write to --output absent/x.csv: No such file or directory"),
        (("select 1", "-w", "absent"), None, "GetWorkGroup: WorkGroup absent is not found. (InvalidRequestException)"),
    ],
)
def test_invalid_uses_are_reported_in_one_line(
    cli: Cli, arguments: tuple[str, ...], given: str | None, line: str
) -> None:
    done = cli(*arguments, given=given)
    assert (done.exit_code, done.stderr) == (1, f"glue-local: {line}\n")


def test_an_unknown_format_names_the_known_ones(cli: Cli) -> None:
    done = cli("select 1", "--format", "xml")
    assert done.exit_code == 2
    assert "'table', 'csv', 'json', 'parquet'" in " ".join(done.output.replace("│", "").split())


def test_parquet_does_not_go_to_a_terminal(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "sys", SimpleNamespace(stdout=SimpleNamespace(isatty=lambda: True)))
    done = cli("select 1", "--format", "parquet")
    assert done.stderr == "glue-local: --format parquet is binary: add --output FILE\n"


def test_without_a_server_the_message_names_the_fix() -> None:
    done = CliRunner().invoke(app, ["sql", "select 1", "--port", "1"])
    assert done.stderr == "glue-local: no glue-local server at http://localhost:1: start one with `glue-local up`\n"


@pytest.mark.engine
def test_queries_run_on_the_engine(athena_endpoint: ServerProcess) -> None:
    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["sql", *arguments, "--endpoint-url", athena_endpoint.endpoint])

    values = "select * from (values (1, date '2026-01-31', x'6869', array[1, 2], cast(null as varchar), 1.50)) t(a, b, c, d, e, f)"
    assert json.loads(run(values, "-f", "json").stdout) == [
        {"a": 1, "b": "2026-01-31", "c": "6869", "d": "[1, 2]", "e": None, "f": "1.50"}
    ]
    assert run("create database sql_command", "-f", "table").stdout.startswith("done, 0 bytes scanned")
    assert "sql_command\n" in run("show databases", "-f", "table").stdout
    absent = run("select * from absent", "--database", "sql_command").stderr
    assert absent.startswith("glue-local: FAILED: TABLE_NOT_FOUND: line 1:15: Table "), absent
