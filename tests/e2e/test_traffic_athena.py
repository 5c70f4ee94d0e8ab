"""The SQL workflow, traffic_athena, on the events of traffic_glue: the same rows, also after repetitions."""

import json
from datetime import datetime, timezone
from functools import partial
from typing import Any

import pytest

from glue_local.client import athena
from glue_local.client.athena_values import Record, records
from glue_local.compare.rows import TABLES, compare_rows, explain
from tests.e2e.choice import kind
from tests.e2e.stack import ROOT, Stack, wait_until
from tests.query.asking import Asking

pytestmark = [pytest.mark.engine, pytest.mark.long, pytest.mark.any_stack]

POINTS, SEED = 200, 7
# Across the end of an hour, a day, a month and a year in UTC; the second part continues the first one's windows.
PARTS = (("2027-01-01T00:57:00+01:00", 5), ("2027-01-01T01:02:00+01:00", 4))


@pytest.fixture(scope="module")
def ask(stack: Stack, request: pytest.FixtureRequest) -> Asking:
    if kind() == "embedded":  # in containers the engine is an image
        request.getfixturevalue("installed_engine")
    athena, s3, glue = (stack.client(service) for service in ("athena", "s3", "glue"))
    return Asking(athena, s3, glue, "traffic_athena", "traffic-queries")


@pytest.fixture(scope="module")
def executed(stack: Stack) -> Stack:
    """Both workflows, executed after each part arrived."""
    delivered = 0
    for start, minutes in PARTS:
        delivered += stack.publish(minutes, POINTS, SEED, start)
        wait_until(partial(arrived, stack, delivered), 60, "the delivery of every event")
        stack.execute()
        execute(stack)
    return stack


def arrived(stack: Stack, events: int) -> bool:
    return len(stack.raw_events()) >= events


def execute(stack: Stack, **given: str) -> dict[str, Any]:
    """Execute traffic_athena and return its output."""
    states = stack.client("stepfunctions")
    (arn,) = (
        each["stateMachineArn"]
        for each in states.list_state_machines()["stateMachines"]
        if each["name"] == "traffic_athena"
    )
    execution = states.start_execution(stateMachineArn=arn, input=json.dumps(given))["executionArn"]

    def over() -> dict[str, Any] | None:
        found: dict[str, Any] = states.describe_execution(executionArn=execution)
        return None if found["status"] == "RUNNING" else found

    done = wait_until(over, 400, "the end of traffic_athena")
    assert done["status"] == "SUCCEEDED", done
    output: dict[str, Any] = json.loads(done["output"])
    return output


def product_ask(ask: Asking, sql: str) -> list[Record]:
    """Run a statement as `glue-local compare` does; return its rows."""
    result = athena.result(ask.athena, ask.succeed(sql))
    return list(records(result.columns, result.rows))


def counts(ask: Asking) -> dict[str, str | None]:
    return {name: ask.rows(f"SELECT count(*) FROM {name}")[1][0] for name in TABLES}


def test_the_rows_equal_those_of_the_glue_jobs(executed: Stack, ask: Asking) -> None:
    compared = list(compare_rows(partial(product_ask, ask), ask.glue))
    assert [each.table for each in compared] == list(TABLES)
    assert [explain(each) for each in compared if not each.equal] == []
    assert all(each.rows > 0 for each in compared)


def test_compare_finds_a_row_of_one_database_and_a_speed_that_differs(executed: Stack, ask: Asking) -> None:
    kept = "SELECT * FROM sites WHERE current_speed IS NOT NULL LIMIT 1"
    (site,) = product_ask(ask, kept)
    where = f"ident_8 = '{site['ident_8']}' AND kmp_rsys = {site['kmp_rsys']} AND tijd_waarneming = TIMESTAMP '{site['tijd_waarneming']}'"
    ask.succeed(f"UPDATE sites SET current_speed = current_speed + 1 WHERE {where}")
    *_, sites = compare_rows(partial(product_ask, ask), ask.glue)
    assert (sites.equal, sites.only_glue, sites.only_athena) == (False, 1, 1)
    ask.succeed(f"UPDATE sites SET current_speed = current_speed - 1, lanes = lanes + 7 WHERE {where}")
    *_, sites = compare_rows(partial(product_ask, ask), ask.glue)
    assert (sites.equal, sites.only_glue, sites.only_athena) == (False, 1, 1)
    assert explain(sites).startswith("sites: 1 rows only in traffic, 1 only in traffic_athena; for example {")
    ask.succeed(f"UPDATE sites SET lanes = lanes - 7 WHERE {where}")


def test_hours_days_and_years_end_in_utc(executed: Stack, ask: Asking) -> None:
    rows = ask.rows("SELECT DISTINCT CAST(hour AS varchar) FROM sites ORDER BY 1")[1:]
    assert rows == [["2026-12-31 23:00:00.000000"], ["2027-01-01 00:00:00.000000"]]


def test_windows_continue_across_hours_and_executions(executed: Stack, ask: Asking) -> None:
    first = "SELECT count(*) FROM sites WHERE previous_speed IS NOT NULL AND tijd_waarneming = TIMESTAMP '{}'"
    for minute in ("2027-01-01 00:00:00", "2027-01-01 00:02:00"):
        assert int(str(ask.rows(first.format(minute))[1][0])) > 0, minute


def test_executing_again_changes_nothing(executed: Stack, ask: Asking) -> None:
    rows = {name: sorted(ask.rows(f"SELECT * FROM {name}"), key=str) for name in TABLES}
    execute(executed)
    assert {name: sorted(ask.rows(f"SELECT * FROM {name}"), key=str) for name in TABLES} == rows


def test_only_the_requested_arrival_hours_are_read(executed: Stack, ask: Asking) -> None:
    before = counts(ask)
    execute(executed, arrived_until="2020-01-01T00:00:00Z", hours="1")
    assert counts(ask) == before
    text = (ROOT / "queries" / "observations.sql").read_text()
    condition = text[text.index("WHERE concat_ws") : text.index('AND "$path"')]
    arrived = f"SELECT count(unieke_id) FROM traffic.raw_events {condition}"
    now = datetime.now(timezone.utc).isoformat()
    past, today = (
        ask.succeed(arrived.format(until, 24, until))["Statistics"]["DataScannedInBytes"]
        for until in ("2020-01-01T00:00:00Z", now)
    )
    assert past == 0
    assert today > 0


def test_results_are_outside_all_table_locations(executed: Stack, ask: Asking) -> None:
    results = ask.s3.list_objects_v2(Bucket="traffic-queries", Prefix="results/")["Contents"]
    assert any(each["Key"].endswith(".csv") for each in results)
    for table in ask.glue.get_tables(DatabaseName="traffic_athena")["TableList"]:
        assert not table["StorageDescriptor"].get("Location", "").startswith("s3://traffic-queries/")
