"""Glue's own events reach the rules of the default bus in AWS's shape.

https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html
"""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from glue_local.runs.delay_events import emit_delays
from glue_local.server import Server
from glue_local.settings import Settings
from glue_local.store import Store

from .conftest import ACCOUNT, REGION, Clock, World, stop_loops

GLUE = {"source": ["aws.glue"]}
ARN = f"arn:aws:glue:{REGION}:{ACCOUNT}"


def received(world: World) -> list[dict[str, Any]]:
    world.settle()
    return sorted(world.messages(), key=lambda event: str(event["time"]))


@pytest.mark.parametrize(
    ("state", "severity", "message"),
    [
        ("SUCCEEDED", "INFO", "Job run succeeded"),
        ("TIMEOUT", "WARN", "Job run timed out"),
        ("STOPPED", "INFO", "Job run stopped"),
        ("FAILED", "ERROR", "JobName:j and JobRunId:{run} failed to execute with exception out of memory"),
    ],
)
def test_the_end_of_a_run_is_an_event(world: World, state: str, severity: str, message: str) -> None:
    world.rule("r", world.queue(), pattern=GLUE)
    world.job("j")
    world.aws("glue").start_job_run(JobName="j")
    run = world.end_run(state, "out of memory" if state == "FAILED" else None)
    (event,) = received(world)
    assert re.fullmatch(r"[0-9a-f-]{36}", event["id"])
    assert {name: event[name] for name in event if name != "id"} == {
        "version": "0",
        "detail-type": "Glue Job State Change",
        "source": "aws.glue",
        "account": ACCOUNT,
        "time": "2026-03-02T12:00:00Z",
        "region": REGION,
        "resources": [],
        "detail": {
            "jobName": "j",
            "severity": severity,
            "state": state,
            "jobRunId": run,
            "message": message.format(run=run),
        },
    }


def test_each_failed_attempt_is_an_event(world: World) -> None:
    world.rule("r", world.queue(), pattern=GLUE)
    world.job("j", MaxRetries=1)
    world.aws("glue").start_job_run(JobName="j")
    runs = [world.end_run("FAILED"), world.end_run("SUCCEEDED")]
    assert {event["detail"]["jobRunId"]: event["detail"]["state"] for event in received(world)} == dict(
        zip(runs, ("FAILED", "SUCCEEDED"), strict=True)
    )


def crawl(world: World, bucket: str) -> None:
    """Create a crawler of a bucket and run it to its end."""
    glue, end = world.aws("glue"), time.monotonic() + 60
    targets = {"S3Targets": [{"Path": f"s3://{bucket}/data/"}]}
    glue.create_crawler(Name="c", Role="r", DatabaseName="db", Targets=targets)
    glue.start_crawler(Name="c")
    while glue.get_crawler(Name="c")["Crawler"]["State"] != "READY":
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_successful_crawl_is_two_events(world: World) -> None:
    s3 = world.aws("s3")
    s3.create_bucket(Bucket="lake")
    s3.put_object(Bucket="lake", Key="data/day=1/a.json", Body='{"a": 1}')
    world.rule("r", world.queue(), pattern={"detail-type": ["Glue Crawler State Change"]})
    crawl(world, "lake")
    first, second = sorted(received(world), key=lambda event: str(event["detail"]["state"]))
    assert first["detail"] == {
        "accountId": ACCOUNT,
        "crawlerName": "c",
        "startTime": "2026-03-02T12:00:00Z",
        "state": "Started",
        "message": "Crawler Started",
    }
    assert second["detail"] == {
        "accountId": ACCOUNT,
        "crawlerName": "c",
        "state": "Succeeded",
        "message": "Crawler Succeeded",
        "completionDate": "2026-03-02T12:00:00Z",
        "runningTime (sec)": "0",
        "warningMessage": "N/A",
        "tablesCreated": "1",
        "tablesUpdated": "0",
        "tablesDeleted": "0",
        "partitionsCreated": "1",
        "partitionsUpdated": "0",
        "partitionsDeleted": "0",
    }


def test_a_failed_crawl_is_an_event(world: World) -> None:
    world.rule("r", world.queue(), pattern={"source": ["aws.glue"], "detail": {"state": ["Failed"]}})
    crawl(world, "not-there")
    (event,) = received(world)
    assert (event["detail"]["crawlerName"], event["detail"]["message"]) == ("c", "Crawler Failed")
    assert "NoSuchBucket" in event["detail"]["errorMessage"]


def test_a_delayed_run_is_an_event_once_for_each_state(world: World) -> None:
    world.rule("r", world.queue(), pattern={"detail-type": ["Glue Job Run Status"]})
    world.job("j", NotificationProperty={"NotifyDelayAfter": 10})
    run = world.aws("glue").start_job_run(JobName="j")["JobRunId"]
    world.pass_time(minutes=10)
    world.server.schedule.run_due()
    assert received(world) == []
    for _ in range(3):
        world.pass_time(minutes=1)
        world.server.schedule.run_due()
    assert [event["detail"] for event in received(world)] == [
        {
            "jobName": "j",
            "severity": "INFO",
            "notificationCondition": {"NotifyDelayAfter": 10.0},
            "state": "STARTING",
            "jobRunId": run,
            "message": "Job is in STARTING state",
            "startedOn": "2026-03-02T12:00:00Z",
        }
    ]


def test_a_run_that_ends_while_delays_are_looked_for_is_not_delayed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.rule("r", world.queue(), pattern={"detail-type": ["Glue Job Run Status"]})
    world.job("j", NotificationProperty={"NotifyDelayAfter": 10})
    world.aws("glue").start_job_run(JobName="j")
    world.pass_time(minutes=11)
    in_state = Store.in_state

    def read_before_it_ends(store: Store, kind: str, state: str) -> Any:
        found = in_state(store, kind, state)
        if kind == "job_run" and found:
            with monkeypatch.context() as patched:
                patched.setattr(Store, "in_state", in_state)
                world.end_run("SUCCEEDED")
        return found

    with monkeypatch.context() as patched:
        patched.setattr(Store, "in_state", read_before_it_ends)
        emit_delays(world.server.private)
    assert received(world) == []
    assert world.server.store.scope(ACCOUNT, REGION).count("delayed") == 0


def test_changes_of_the_catalog_are_events(world: World) -> None:
    world.rule("r", world.queue(), pattern=GLUE)
    glue = world.aws("glue")
    columns = [{"Name": "year", "Type": "string"}, {"Name": "month", "Type": "string"}]
    table = {"Name": "T1", "PartitionKeys": columns}
    where = {"DatabaseName": "D1", "TableName": "T1"}

    def after(operation: str, **request: Any) -> tuple[str, list[str], dict[str, Any]]:
        getattr(glue, operation)(**request)
        (event,) = received(world)
        assert event["source"] == "aws.glue"
        return event["detail-type"], event["resources"], event["detail"]

    def database(change: str, tables: list[str]) -> tuple[str, list[str], dict[str, Any]]:
        resources = [f"{ARN}:table/d1/{name}" for name in tables] or [f"{ARN}:database/d1"]
        detail = {"databaseName": "d1", "typeOfChange": change, "changedTables": tables}
        return "Glue Data Catalog Database State Change", resources, detail

    def changed(change: str, partitions: list[str]) -> tuple[str, list[str], dict[str, Any]]:
        detail = {"databaseName": "d1", "tableName": "t1", "typeOfChange": change, "changedPartitions": partitions}
        return "Glue Data Catalog Table State Change", [f"{ARN}:table/d1/t1"], detail

    assert after("create_database", DatabaseInput={"Name": "D1"}) == database("CreateDatabase", [])
    assert after("create_table", DatabaseName="D1", TableInput=table) == database("CreateTable", ["t1"])
    assert after("update_table", DatabaseName="D1", TableInput=table) == changed("UpdateTable", [])
    created = after("create_partition", **where, PartitionInput={"Values": ["2018", "01"]})
    assert created == changed("CreatePartition", ["[2018, 01]"])
    # Only what was created: the first partition exists.
    batch = [{"Values": ["2018", month]} for month in ("01", "02", "03")]
    created = after("batch_create_partition", **where, PartitionInputList=batch)
    assert created == changed("BatchCreatePartition", ["[2018, 02]", "[2018, 03]"])
    updated = after("update_partition", **where, PartitionValueList=["2018", "01"], PartitionInput=batch[0])
    assert updated == changed("UpdatePartition", ["[2018, 01]"])
    deleted = after("batch_delete_partition", **where, PartitionsToDelete=batch[1:])
    assert deleted == changed("BatchDeletePartition", ["[2018, 02]", "[2018, 03]"])
    deleted = after("delete_partition", **where, PartitionValues=["2018", "01"])
    assert deleted == changed("DeletePartition", ["[2018, 01]"])
    deleted = after("batch_delete_table", DatabaseName="d1", TablesToDelete=["t1", "t2"])
    assert deleted == database("BatchDeleteTable", ["t1"])
    assert after("delete_database", Name="d1") == database("DeleteDatabase", [])


def test_a_refused_change_is_no_event(world: World) -> None:
    world.rule("r", world.queue(), pattern=GLUE)
    glue = world.aws("glue")
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.delete_database(Name="none")
    assert received(world) == []


def test_a_batch_of_tables_is_one_event(world: World) -> None:
    world.rule("r", world.queue(), pattern={"detail": {"typeOfChange": ["BatchDeleteTable"]}})
    glue = world.aws("glue")
    glue.create_database(DatabaseInput={"Name": "d"})
    names = [f"t{n}" for n in range(100)]
    for name in names:
        glue.create_table(DatabaseName="d", TableInput={"Name": name})
    glue.batch_delete_table(DatabaseName="d", TablesToDelete=names)
    (event,) = received(world)
    assert event["detail"]["changedTables"] == names


def test_the_loop_puts_events_on_the_bus_by_itself(endpoint: Any, aws: Any) -> None:
    sqs, events = aws("sqs"), aws("events")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    events.put_rule(Name="r", EventPattern='{"source": ["aws.glue"]}')
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"}])
    aws("glue").create_database(DatabaseInput={"Name": "d"})
    found = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)
    assert len(found["Messages"]) == 1


class Upstream(BaseHTTPRequestHandler):
    """An endpoint that answers every request alike and records its operation and body."""

    seen: list[tuple[str, Any]]
    answer: Any
    status: int

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.headers["X-Amz-Target"], json.loads(body)))
        answer = json.dumps(self.answer).encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Print nothing."""


@contextmanager
def upstream(port: int = 0, status: int = 200, **answer: Any) -> Iterator[tuple[int, list[Any]]]:
    """Run an upstream; yields its port and what it has received."""
    seen: list[Any] = []
    whole = {"FailedEntryCount": 0, "Entries": [], **answer}
    handler = type("Handler", (Upstream,), {"seen": seen, "answer": whole, "status": status})
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, seen
        server.shutdown()


@contextmanager
def in_front_of(port: int, folder: Path) -> Iterator[World]:
    """Run a server with an upstream."""
    clock = Clock()
    settings = Settings(port=0, data_dir=folder, children=(), upstream=f"http://127.0.0.1:{port}")
    with Server(settings, clock=clock) as server:
        stop_loops(server)
        yield World(server, clock)


def test_an_upstream_gets_all_events(tmp_path: Path) -> None:
    with upstream() as (port, seen), in_front_of(port, tmp_path) as world:
        world.aws("glue").create_database(DatabaseInput={"Name": "d"})
        world.settle()
    ((operation, request),) = seen
    (entry,) = request["Entries"]
    assert (operation, entry["Source"], entry["Resources"]) == (
        "AWSEvents.PutEvents",
        "aws.glue",
        [f"{ARN}:database/d"],
    )
    assert json.loads(entry["Detail"])["typeOfChange"] == "CreateDatabase"


def test_events_wait_for_an_upstream_that_cannot_be_reached(tmp_path: Path, capsys: Any) -> None:
    with upstream() as (port, _):
        pass
    with in_front_of(port, tmp_path) as world:
        world.aws("glue").create_database(DatabaseInput={"Name": "d"})
        world.settle()
        assert "cannot be reached" in capsys.readouterr().err
        with upstream(port) as (_, seen):
            world.settle()
            world.settle()
    assert len(seen) == 1


def test_events_wait_for_an_upstream_that_is_busy_without_delaying_others(tmp_path: Path) -> None:
    with upstream(status=503) as (port, seen), in_front_of(port, tmp_path) as world:
        world.aws("glue").create_database(DatabaseInput={"Name": "d"})
        for attempt in (1, 2):
            world.settle()
            # botocore's own attempts would hold the thread that delivers.
            assert len(seen) == attempt


def test_an_event_that_the_bus_refuses_is_reported(tmp_path: Path, capsys: Any) -> None:
    refused = {"ErrorCode": "NotAuthorizedForSourceException", "ErrorMessage": "Not authorized for the source."}
    with upstream(FailedEntryCount=1, Entries=[refused]) as (port, seen), in_front_of(port, tmp_path) as world:
        world.aws("glue").create_database(DatabaseInput={"Name": "d"})
        world.settle()
        world.settle()
    assert len(seen) == 1
    told = capsys.readouterr().err
    assert "did not accept Glue Data Catalog Database State Change" in told
    assert "Not authorized for the source." in told
