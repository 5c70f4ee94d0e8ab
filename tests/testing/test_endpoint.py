"""An account of a test, which leaves nothing behind that fires or runs during later tests."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from glue_local.orchestrate.loop import advance
from glue_local.server import Server
from glue_local.settings import Settings
from glue_local.store import kinds
from glue_local.testing.account import Account
from glue_local.testing.endpoint import fresh_account


class Clock:
    """A clock that the test sets."""

    now = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(tmp_path: Path, clock: Clock) -> Iterator[Server]:
    with Server(Settings(port=0, data_dir=tmp_path / "data", children=()), clock=clock) as made:
        # The test takes the place of the server's loops.
        made.schedule.__exit__(None, None, None)
        made.events.__exit__(None, None, None)
        yield made


def create_everything(account: Account) -> None:
    """Create what fires by itself, and the resources that it starts."""
    hourly: dict[str, Any] = {"Schedule": "cron(0 * * * ? *)"}
    glue = account.client("glue")
    command = {"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"}
    many = {"MaxConcurrentRuns": 9}
    glue.create_job(Name="j", Role="r", Command=command, ExecutionProperty=many)
    glue.create_workflow(Name="w", Tags={"team": "data"})
    actions = [{"JobName": "j"}]
    glue.create_trigger(Name="t", Type="SCHEDULED", StartOnCreation=True, Actions=actions, **hourly)
    glue.create_trigger(Name="o", Type="ON_DEMAND", WorkflowName="w", Actions=actions)
    targets = {"S3Targets": [{"Path": "s3://lake/data/"}]}
    glue.create_crawler(Name="c", Role="r", DatabaseName="d", Targets=targets, **hourly)
    glue.start_workflow_run(Name="w")
    glue.start_job_run(JobName="j")
    queue = account.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    arn = f"arn:aws:sqs:{account.region}:{account.account}:{queue.rpartition('/')[2]}"
    account.client("events").put_rule(Name="r", ScheduleExpression="cron(0 * * * ? *)")
    account.client("events").put_targets(Rule="r", Targets=[{"Id": "1", "Arn": arn, "Input": json.dumps("rule")}])
    scheduler = account.client("scheduler")
    scheduler.create_schedule_group(Name="g")
    scheduler.create_schedule(
        Name="s",
        GroupName="g",
        ScheduleExpression="rate(1 hour)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": arn, "RoleArn": f"arn:aws:iam::{account.account}:role/r"},
    )
    account.put("s3://lake/data/a.json", "{}")


def remaining(server: Server) -> dict[str, int]:
    """Return the number of documents by kind, in all accounts."""
    rows = server.store.execute("SELECT kind, count(*) FROM documents GROUP BY kind")
    return {str(kind): int(count) for kind, count in rows}


def test_a_finished_test_leaves_nothing_that_fires(
    server: Server, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with fresh_account(server, monkeypatch) as account:
        create_everything(account)
        found = remaining(server)
    fires = (kinds.TRIGGER, kinds.CRAWLER, kinds.EVENT_RULE, kinds.SCHEDULE, kinds.TIMER, kinds.INVOCATION_TIMER)
    assert all(found[kind] for kind in (*fires, kinds.JOB_RUN, kinds.WORKFLOW_RUN, kinds.TAGS))
    assert remaining(server) == {}
    clock.now += timedelta(hours=1)
    assert advance(server.private) is None
    assert server.advance_events(clock.now.timestamp()) is None
    assert remaining(server) == {}
    assert capsys.readouterr().err == ""


def test_other_accounts_keep_theirs(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with fresh_account(server, monkeypatch) as kept:
        create_everything(kept)
        before = remaining(server)
        with fresh_account(server, monkeypatch) as other:
            other.client("glue").create_workflow(Name="w")
        assert remaining(server) == before
        assert kept.client("glue").list_triggers()["TriggerNames"] == ["o", "t"]
        # Its names of buckets are free again.
    with fresh_account(server, monkeypatch) as again:
        create_everything(again)
