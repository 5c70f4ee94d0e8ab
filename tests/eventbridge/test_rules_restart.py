"""Rules after a restart: they are restored and fire once; a rule that is refused neither fires nor prevents the start."""

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from glue_local.server import Server
from glue_local.store import Document

from .conftest import ACCOUNT, REGION, START, Clock, World, started, stop_loops
from .events import APP, put, times, workflow


def test_archives_stay_motos_and_are_not_restored(tmp_path: Path) -> None:
    clock = Clock()
    with started(tmp_path, clock) as server:
        stop_loops(server)
        world = World(server, clock)
        events, glue = world.aws("events"), world.aws("glue")
        bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
        archive = events.create_archive(ArchiveName="a", EventSourceArn=bus)["ArchiveArn"]
        glue.create_database(DatabaseInput={"Name": "d"})
        world.settle()
        assert events.describe_archive(ArchiveName="a")["EventCount"] == 1
        world.rule("r", world.queue(), pattern={"source": ["aws.glue"]})
        events.start_replay(
            ReplayName="p",
            EventSourceArn=archive,
            EventStartTime=START,
            EventEndTime=START,
            Destination={"Arn": bus},
        )
        world.settle()
        assert [message["detail"]["databaseName"] for message in world.messages()] == ["d"]
    with started(tmp_path, clock) as server:
        stop_loops(server)
        world = World(server, clock)
        put(world)
        assert [rule["Name"] for rule in world.aws("events").list_rules()["Rules"]] == ["r"]


def test_rules_survive_a_restart_and_fire_once(tmp_path: Path) -> None:
    clock = Clock()
    with started(tmp_path, clock) as server:
        stop_loops(server)
        world = World(server, clock)
        world.rule("r", workflow(world, BatchSize=1), ScheduleExpression="cron(0 13 * * ? *)")
        world.rule("e", f"arn:aws:glue:{REGION}:{ACCOUNT}:workflow/w", pattern=APP)
        world.set("2026-03-02 13:00")
    for now, runs in (
        ("2026-03-02 13:00", 1),
        ("2026-03-03 13:02", 2),
        ("2026-03-04 13:06", 2),
        ("2026-03-05 13:00", 3),
    ):
        clock.now = datetime.fromisoformat(now).replace(tzinfo=timezone.utc)
        with started(tmp_path, clock) as server:
            stop_loops(server)
            world = World(server, clock)
            world.settle()
            assert len(world.aws("glue").get_workflow_runs(Name="w")["Runs"]) == runs
    with started(tmp_path, clock) as server:
        stop_loops(server)
        world = World(server, clock)
        assert [rule["Name"] for rule in world.aws("events").list_rules()["Rules"]] == ["e", "r"]
        put(world)
        assert len(world.aws("glue").get_workflow_runs(Name="w")["Runs"]) == 4


def test_a_stored_rule_that_is_refused_does_not_prevent_the_start(tmp_path: Path, capsys: Any) -> None:
    clock = Clock()
    with started(tmp_path, clock) as server:
        stop_loops(server)
        World(server, clock).rule("good", f"arn:aws:sqs:{REGION}:{ACCOUNT}:q", pattern=APP)
        # As a version without checks may have stored it; botocore does not send such a target.
        target = {"Id": "1", "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:q", "RetryPolicy": {"MaximumRetryAttempts": "3"}}
        bad = {
            "Name": "bad",
            "Arn": "arn:bad",
            "EventPattern": json.dumps(APP),
            "State": "ENABLED",
            "Targets": [target],
        }
        server.store.scope(ACCOUNT, REGION).write("event_rule", "bad", doc=bad)
    for _ in range(2):
        with started(tmp_path, clock) as server:
            stop_loops(server)
            events = World(server, clock).aws("events")
            assert len(events.list_targets_by_rule(Rule="good")["Targets"]) == 1
            # Its targets stay stored, for a version that accepts them.
            assert server.store.scope(ACCOUNT, REGION).read("event_rule", "bad") == bad
        assert "the rule bad cannot be restored and does not fire" in capsys.readouterr().err


def with_a_refused_rule(tmp_path: Path, clock: Clock) -> Document:
    """Store a scheduled rule whose targets the backend refuses, as a version without checks may have; return it."""
    with started(tmp_path, clock) as server:
        stop_loops(server)
        world = World(server, clock)
        world.rule("bad", world.queue(), ScheduleExpression="cron(0 13 * * ? *)")
        documents = server.store.scope(ACCOUNT, REGION)
        rule = documents.read("event_rule", "bad") or {}
        rule["Targets"][0]["RetryPolicy"] = {"MaximumRetryAttempts": "3"}
        documents.write("event_rule", "bad", doc=rule)
    return rule


def test_a_stored_rule_that_is_refused_does_not_fire_until_it_is_put_again(tmp_path: Path) -> None:
    clock = Clock()
    with_a_refused_rule(tmp_path, clock)
    with started(tmp_path, clock) as server:
        stop_loops(server)
        world = World(server, clock)
        queue = world.queue()
        world.follow("2026-03-02 14:00")
        assert world.messages() == []
        world.rule("bad", queue, ScheduleExpression="cron(0 13 * * ? *)")
        world.follow("2026-03-03 14:00")
        assert times(world) == ["2026-03-03T13:00:00Z"]


def test_a_stored_rule_that_is_refused_fires_after_a_start_that_restores_it(tmp_path: Path) -> None:
    clock = Clock()
    rule = with_a_refused_rule(tmp_path, clock)
    with started(tmp_path, clock) as server:
        stop_loops(server)
        # A version that accepts the rule.
        rule["Targets"][0]["RetryPolicy"] = {"MaximumRetryAttempts": 3}
        server.store.scope(ACCOUNT, REGION).write("event_rule", "bad", doc=rule)
    with started(tmp_path, clock) as server:
        stop_loops(server)
        world = World(server, clock)
        world.queue()
        world.follow("2026-03-02 14:00")
        assert times(world) == ["2026-03-02T13:00:00Z"]


def test_a_stored_rule_that_is_refused_can_be_deleted(tmp_path: Path, capsys: Any) -> None:
    clock = Clock()
    with_a_refused_rule(tmp_path, clock)
    with started(tmp_path, clock) as server:
        stop_loops(server)
        World(server, clock).aws("events").delete_rule(Name="bad")
    capsys.readouterr()
    with started(tmp_path, clock) as server:
        stop_loops(server)
    assert "bad" not in capsys.readouterr().err


def test_a_server_that_is_killed_while_it_restores_a_rule_keeps_the_targets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    with started(tmp_path, clock) as server:
        stop_loops(server)
        World(server, clock).rule("r", f"arn:aws:sqs:{REGION}:{ACCOUNT}:q", pattern=APP)

    class Killed(BaseException):
        """Simulates a killed process."""

    client_of = Server._client

    def dying(server: Server, service: str, account: str, region: str) -> Any:
        made = client_of(server, service, account, region)

        def die(**_: Any) -> None:
            raise Killed

        if service == "events":
            made.put_targets = die
        return made

    with monkeypatch.context() as patched:
        patched.setattr(Server, "_client", dying)
        with pytest.raises(Killed), started(tmp_path, clock):
            pass
    with started(tmp_path, clock) as server:
        stop_loops(server)
        assert len(World(server, clock).aws("events").list_targets_by_rule(Rule="r")["Targets"]) == 1
