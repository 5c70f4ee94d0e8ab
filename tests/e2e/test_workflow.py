"""The whole workflow: feed → Kinesis → S3 → Step Functions → Spark → tables."""

import json
from pathlib import Path

import pytest

from tests.e2e.stack import ROOT, Row, Stack, wait_until

# tests/integration/test_result.py compares all rows of both stacks.
pytestmark = pytest.mark.embedded

MINUTES, POINTS = 6, 200
START = "2026-03-28T23:57:00+01:00"  # spans midnight in Flanders, in the night in which summer time starts


@pytest.fixture(scope="module")
def published(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    truth = tmp_path_factory.mktemp("truth")
    stack.publish(MINUTES, POINTS, 7, START, "--truth", str(truth))
    return [json.loads(line) for line in (truth / "events.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def executed(stack: Stack, published: list[Row]) -> Stack:
    wait_until(lambda: len(stack.raw_events()) >= len(published), 60, "delivery of every event")
    stack.execute()
    return stack


def everything(stack: Stack) -> dict[str, list[Row]]:
    return {name: sorted(stack.table(name), key=str) for name in ("events", "quarantine", "rejected", "sites")}


def test_every_published_event_is_delivered_once(executed: Stack, published: list[Row]) -> None:
    assert len(executed.raw_events()) == len(published)


def test_every_event_is_in_exactly_one_table(executed: Stack, published: list[Row]) -> None:
    tables = everything(executed)
    assert len(tables["events"]) + len(tables["quarantine"]) + len(tables["rejected"]) == len(published)
    assert tables["sites"], "sites were aggregated"


def test_events_are_partitioned_by_event_time_in_utc(executed: Stack) -> None:
    hours = {(row["year"], row["month"], row["day"], row["hour"]) for row in executed.table("events")}
    assert hours == {("2026", "03", "28", "22"), ("2026", "03", "28", "23")}


def test_running_the_workflow_again_changes_nothing(executed: Stack) -> None:
    before = everything(executed)
    executed.execute()
    assert everything(executed) == before


def test_a_failed_run_fails_the_command(executed: Stack, tmp_path: Path) -> None:
    script = tmp_path / "fails.py"
    script.write_text("raise ValueError('no such road')\n")
    executed.client("s3").upload_file(str(script), "glue-scripts", "fails.py")
    executed.client("glue").create_job(
        Name="fails",
        Role="arn:aws:iam::000000000000:role/glue",
        Command={"Name": "pythonshell", "PythonVersion": "3.9", "ScriptLocation": "s3://glue-scripts/fails.py"},
    )
    done = executed.cli("run", "fails", "--port", str(executed.port), check=False)
    assert done.returncode == 1
    assert "no such road" in done.stdout + done.stderr


def test_the_uploaded_scripts_equal_the_repositorys(executed: Stack) -> None:
    uploaded = executed.client("s3").get_object(Bucket="glue-scripts", Key="jobs/repartition.py")["Body"].read()
    assert uploaded == (ROOT / "jobs" / "repartition.py").read_bytes()
