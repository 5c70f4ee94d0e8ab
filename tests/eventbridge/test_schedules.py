"""EventBridge Scheduler's schedules invoke their targets at the right times, once, and survive a restart.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from glue_local.store.timers import set_timer

from .conftest import ACCOUNT, REGION, START, Clock, World, started, stop_loops
from .scheduled import ROLE, schedule, times, universal


def test_a_flexible_window(world: World) -> None:
    window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 30}
    schedule(world, "cron(0 13 * * ? *)", FlexibleTimeWindow=window)
    (due,) = {world.set(START + timedelta(hours=1))} - {None}
    deliveries = world.server.store.scope(ACCOUNT, REGION).scan("delivery")
    at = float(deliveries[0][1]["at"]) if deliveries else world.clock.now.timestamp()
    assert 0 <= at - (START + timedelta(hours=1)).timestamp() <= 1800
    world.follow(START + timedelta(hours=1, minutes=30))
    assert times(world) == ["2026-03-02T13:00:00Z"]


@pytest.mark.parametrize("change", ["delete", "disable", "delete group"])
def test_a_schedule_that_is_deleted_or_disabled_within_its_window_invokes_nothing(world: World, change: str) -> None:
    scheduler = world.aws("scheduler")
    scheduler.create_schedule_group(Name="g")
    window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 60}
    schedule(world, "at(2026-03-02T13:00:00)", FlexibleTimeWindow=window, GroupName="g")
    schedule(world, "at(2026-03-02T13:00:00)", world.queue("other"), FlexibleTimeWindow=window, Name="other")
    world.set(START + timedelta(hours=1))
    if change == "delete":
        scheduler.delete_schedule(Name="s", GroupName="g")
    elif change == "disable":
        found = scheduler.get_schedule(Name="s", GroupName="g")
        again = {name: found[name] for name in ("Name", "GroupName", "Target", "FlexibleTimeWindow")}
        scheduler.update_schedule(**again, ScheduleExpression="at(2026-03-02T13:00:00)", State="DISABLED")
    else:
        scheduler.delete_schedule_group(Name="g")
    world.follow(START + timedelta(hours=2, minutes=1))
    assert (times(world), times(world, "other")) == ([], ["2026-03-02T13:00:00Z"])


def test_what_is_due_at_the_same_time_is_invoked(world: World) -> None:
    for name in ("one", "two"):
        schedule(world, "cron(0 13 * * ? *)", Name=name)
        world.rule(name, {"Arn": world.queue(), "Input": '"rule"'}, ScheduleExpression="cron(0 13 * * ? *)")
    world.set(START + timedelta(hours=1))
    assert times(world) == ["2026-03-02T13:00:00Z"] * 2 + ["rule"] * 2


def test_a_schedule_that_is_changed_while_due_invokes_by_its_new_definition(world: World) -> None:
    scheduler, expression = world.aws("scheduler"), "cron(0 13 * * ? *)"
    for name in ("changed", "moved", "disabled", "deleted"):
        schedule(world, expression, world.queue(name), Name=name)
    # They are due, but the server's loop has not run yet.
    world.clock.now = START + timedelta(hours=1)

    def update(name: str, expression: str, **more: Any) -> None:
        target = {"Arn": world.queue(name), "RoleArn": ROLE, "Input": '"new"'}
        window = {"Mode": "OFF"}
        scheduler.update_schedule(
            Name=name, FlexibleTimeWindow=window, Target=target, ScheduleExpression=expression, **more
        )

    update("changed", expression)
    update("moved", "cron(30 13 * * ? *)")
    update("disabled", expression, State="DISABLED")
    scheduler.delete_schedule(Name="deleted")
    world.settle()
    assert [times(world, name) for name in ("changed", "moved", "disabled", "deleted")] == [["new"], [], [], []]
    world.follow(START + timedelta(hours=2))
    assert [times(world, name) for name in ("changed", "moved", "disabled", "deleted")] == [[], ["new"], [], []]


def test_a_time_that_is_skipped_is_reported(world: World, capsys: Any) -> None:
    schedule(world, "cron(0 13 * * ? *)")
    world.rule("r", world.queue(), ScheduleExpression="cron(0 13 * * ? *)")
    world.set(START + timedelta(hours=1, minutes=6))
    assert times(world) == []
    told = capsys.readouterr().err
    for kind in ("schedule/default/s", "rule/r"):
        assert f"{kind} skips 2026-03-02T13:00:00Z" in told


def test_a_completed_schedule_is_deleted_if_it_says_so(world: World) -> None:
    delete = {"ActionAfterCompletion": "DELETE"}
    schedule(world, "at(2026-03-02T13:00:00)", **delete)
    schedule(world, "at(2026-03-02T13:00:00)", Name="kept")
    schedule(world, "rate(1 hour)", Name="ending", EndDate=START + timedelta(hours=2), **delete)
    missing = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:none"
    schedule(world, "at(2026-03-02T13:00:00)", missing, Name="failing", **delete)
    scheduler = world.aws("scheduler")
    world.follow(START + timedelta(hours=1))
    assert {one["Name"] for one in scheduler.list_schedules()["Schedules"]} == {"kept", "ending"}
    world.follow(START + timedelta(hours=3))
    assert {one["Name"] for one in scheduler.list_schedules()["Schedules"]} == {"kept"}
    assert len(times(world)) == 2 + 3


def test_a_disabled_updated_and_deleted_schedule(world: World) -> None:
    scheduler = world.aws("scheduler")
    schedule(world, "cron(0 * * * ? *)", State="DISABLED")
    world.follow(START + timedelta(hours=2))
    assert times(world) == []
    target = {"Arn": world.queue(), "RoleArn": ROLE, "Input": '"<aws.scheduler.scheduled-time>"'}
    whole = {"Name": "s", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": target}
    # An update replaces everything, so this one enables it.
    scheduler.update_schedule(**whole, ScheduleExpression="cron(30 * * * ? *)", ActionAfterCompletion="DELETE")
    found = scheduler.get_schedule(Name="s")
    assert (found["State"], found["ActionAfterCompletion"]) == ("ENABLED", "DELETE")
    world.follow(START + timedelta(hours=4))
    assert times(world) == ["2026-03-02T14:30:00Z", "2026-03-02T15:30:00Z"]
    scheduler.delete_schedule(Name="s")
    world.follow(START + timedelta(hours=6))
    assert times(world) == []


def test_a_schedule_that_is_changed_before_its_last_delivery_is_not_deleted(world: World) -> None:
    scheduler = world.aws("scheduler")
    window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 60}
    schedule(world, "at(2026-03-02T13:00:00)", FlexibleTimeWindow=window, ActionAfterCompletion="DELETE")
    world.set(START + timedelta(hours=1))
    found = scheduler.get_schedule(Name="s")
    again = {name: found[name] for name in ("Name", "Target", "FlexibleTimeWindow", "ActionAfterCompletion")}
    scheduler.update_schedule(**again, ScheduleExpression="at(2026-03-02T15:00:00)")
    world.follow(START + timedelta(hours=2, minutes=59))
    assert times(world) == ["2026-03-02T13:00:00Z"]
    assert scheduler.get_schedule(Name="s")["ScheduleExpression"] == "at(2026-03-02T15:00:00)"
    world.follow(START + timedelta(hours=4, minutes=1))
    assert times(world) == ["2026-03-02T15:00:00Z"]
    assert scheduler.list_schedules()["Schedules"] == []


def test_a_group_that_exists_is_not_replaced(world: World) -> None:
    scheduler = world.aws("scheduler")
    scheduler.create_schedule_group(Name="g")
    schedule(world, "rate(1 day)", GroupName="g")
    for name in ("g", "default"):
        with pytest.raises(ClientError, match=f"Schedule group {name} already exists") as refusal:
            scheduler.create_schedule_group(Name=name)
        assert refusal.value.response["Error"]["Code"] == "ConflictException"
    assert len(scheduler.list_schedules()["Schedules"]) == 1


def test_the_default_group_and_a_missing_group_cannot_be_deleted(world: World) -> None:
    scheduler = world.aws("scheduler")
    schedule(world, "rate(1 day)")
    for name, code in (("default", "ValidationException"), ("none", "ResourceNotFoundException")):
        with pytest.raises(ClientError, match=name) as refusal:
            scheduler.delete_schedule_group(Name=name)
        assert refusal.value.response["Error"]["Code"] == code
    assert len(scheduler.list_schedules()["Schedules"]) == 1
    world.settle()
    assert times(world) == ["2026-03-02T12:00:00Z"]


def test_deleting_a_group_deletes_its_schedules(world: World) -> None:
    scheduler = world.aws("scheduler")
    scheduler.create_schedule_group(Name="g")
    schedule(world, "cron(0 * * * ? *)", GroupName="g")
    scheduler.delete_schedule_group(Name="g")
    world.follow(START + timedelta(hours=2))
    assert times(world) == []


def test_templated_targets(world: World) -> None:
    kinesis, events = world.aws("kinesis"), world.aws("events")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    at = "at(2026-03-02T13:00:00)"
    stream = f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/s"
    schedule(world, at, stream, {"KinesisParameters": {"PartitionKey": "k"}, "Input": "data"}, Name="stream")
    world.rule(
        "r", {"Arn": world.queue(), "InputPath": "$.detail"}, pattern={"source": ["app"], "detail-type": ["Due"]}
    )
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
    parameters = {"EventBridgeParameters": {"Source": "app", "DetailType": "Due"}, "Input": '{"day": 1}'}
    schedule(world, at, bus, parameters, Name="bus")
    world.set(START + timedelta(hours=1))
    world.settle()
    shard = kinesis.list_shards(StreamName="s")["Shards"][0]["ShardId"]
    iterator = kinesis.get_shard_iterator(StreamName="s", ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    records = kinesis.get_records(ShardIterator=iterator["ShardIterator"])["Records"]
    assert [(record["PartitionKey"], record["Data"]) for record in records] == [("k", b"data")]
    assert world.messages() == [{"day": 1}]
    assert events.list_rules()["Rules"]


@pytest.mark.parametrize(
    ("more", "code", "message"),
    [
        ({"ScheduleExpression": "cron(no)"}, "ValidationException", "Invalid Schedule Expression"),
        ({"ScheduleExpression": "at(2026-02-30T00:00:00)"}, "ValidationException", "Invalid Schedule Expression"),
        ({"ScheduleExpressionTimezone": "Mars/Base"}, "ValidationException", "Timezone Mars/Base"),
        ({"target": {"DeadLetterConfig": {"Arn": "dead"}}}, "ValidationException", "Parameter dead is not valid"),
        ({"GroupName": "none"}, "ResourceNotFoundException", "Schedule group none does not exist"),
        ({"FlexibleTimeWindow": {"Mode": "FLEXIBLE"}}, "ValidationException", "MaximumWindowInMinutes"),
        ({"StartDate": START - timedelta(minutes=6)}, "ValidationException", "earlier than 5 minutes ago"),
        ({"StartDate": START, "EndDate": START}, "ValidationException", "must come after the StartDate"),
        ({"arn": universal("glow:startJobRun")}, "ValidationException", "glow, which does not exist"),
        ({"arn": universal("glue:startJob")}, "ValidationException", "glue does not have: StartJob"),
        ({"arn": universal("glue:getJob")}, "ValidationException", "only reads"),
        (
            {"arn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/c"},
            "NotEmulatedByGlueLocalException",
            "does not emulate the target arn:aws:ecs",
        ),
    ],
)
def test_an_invalid_schedule_is_refused(world: World, more: dict[str, Any], code: str, message: str) -> None:
    with pytest.raises(ClientError, match=message) as refusal:
        schedule(world, **{"expression": more.pop("ScheduleExpression", "rate(1 day)"), **more})
    assert refusal.value.response["Error"]["Code"] == code
    assert world.aws("scheduler").list_schedules()["Schedules"] == []


def test_a_failing_target_is_tried_again_as_often_as_its_policy_says(world: World, capsys: Any) -> None:
    world.job("j", ExecutionProperty={"MaxConcurrentRuns": 1})
    glue = world.aws("glue")
    glue.start_job_run(JobName="j")
    target = {
        "Input": json.dumps({"JobName": "j"}),
        "RetryPolicy": {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 3600},
        "DeadLetterConfig": {"Arn": world.queue("dead")},
    }
    schedule(world, "cron(0 13 * * ? *)", universal("glue:startJobRun"), target)
    world.set(START + timedelta(hours=1))
    world.follow(START + timedelta(hours=1, seconds=3))
    world.end_run("SUCCEEDED")
    world.follow(START + timedelta(hours=1, minutes=1))
    assert len(glue.get_job_runs(JobName="j")["JobRuns"]) == 2
    world.set(START + timedelta(days=1, hours=1))
    world.follow(START + timedelta(days=1, hours=2))
    assert len(glue.get_job_runs(JobName="j")["JobRuns"]) == 2
    assert world.messages("dead") == [{"JobName": "j"}]
    assert "Concurrent runs exceeded for j" in capsys.readouterr().err


def test_the_loop_invokes_a_target_by_itself(endpoint: Any, aws: Any) -> None:
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    soon = datetime.now(timezone.utc) + timedelta(seconds=2)
    aws("scheduler").create_schedule(
        Name="s",
        ScheduleExpression=f"at({soon:%Y-%m-%dT%H:%M:%S})",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:q", "RoleArn": ROLE, "Input": "now"},
    )
    (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
    assert message["Body"] == "now"


def test_schedules_survive_a_restart_and_fire_once(tmp_path: Path) -> None:
    clock = Clock()
    with started(tmp_path, clock) as server:
        stop_loops(server)
        world = World(server, clock)
        world.job("j", ExecutionProperty={"MaxConcurrentRuns": 10})
        world.aws("scheduler").create_schedule_group(Name="g", Tags=[{"Key": "team", "Value": "roads"}])
        target = {"Input": json.dumps({"JobName": "j"})}
        start = {"StartDate": START, "EndDate": START + timedelta(days=30)}
        schedule(world, "cron(0 13 * * ? *)", universal("glue:startJobRun"), target, GroupName="g", **start)
        before = world.aws("scheduler").get_schedule(Name="s", GroupName="g")
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
            assert len(world.aws("glue").get_job_runs(JobName="j")["JobRuns"]) == runs
            after = world.aws("scheduler").get_schedule(Name="s", GroupName="g")
            changed = ("ResponseMetadata", "CreationDate", "LastModificationDate")
            assert {name: after[name] for name in after if name not in changed} == {
                name: before[name] for name in before if name not in changed
            }
            arn = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/g"
            tags = world.aws("scheduler").list_tags_for_resource(ResourceArn=arn)["Tags"]
            assert tags == [{"Key": "team", "Value": "roads"}]


def test_tags_of_a_group_survive_a_restart(tmp_path: Path) -> None:
    clock = Clock()
    arn = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/g"
    with started(tmp_path, clock) as server:
        stop_loops(server)
        scheduler = World(server, clock).aws("scheduler")
        scheduler.create_schedule_group(Name="g", Tags=[{"Key": "old", "Value": "1"}, {"Key": "kept", "Value": "1"}])
        scheduler.tag_resource(ResourceArn=arn, Tags=[{"Key": "new", "Value": "2"}])
        scheduler.untag_resource(ResourceArn=arn, TagKeys=["old"])
    with started(tmp_path, clock) as server:
        stop_loops(server)
        tags = World(server, clock).aws("scheduler").list_tags_for_resource(ResourceArn=arn)["Tags"]
        assert {tag["Key"]: tag["Value"] for tag in tags} == {"kept": "1", "new": "2"}


def test_a_stored_schedule_or_group_that_is_refused_does_not_prevent_the_start(tmp_path: Path, capsys: Any) -> None:
    clock = Clock()
    with started(tmp_path, clock) as server:
        stop_loops(server)
        schedule(World(server, clock), "cron(0 13 * * ? *)")
        documents = server.store.scope(ACCOUNT, REGION)
        good = documents.read("schedule", "default", "s") or {}
        bad = {**good, "Name": "bad", "Target": {**good["Target"], "RetryPolicy": {"MaximumRetryAttempts": "3"}}}
        # As a version without checks may have stored them; botocore does not send them.
        documents.write("schedule", "default", "bad", doc=bad)
        at = (START + timedelta(hours=1)).timestamp()
        note = {"anchor": START.timestamp()}
        set_timer(documents, "schedule", "default", "bad", at=at, note=note, kind="invocation_timer")
        documents.write("schedule_group", "bad", doc={"Tags": [{"Key": "k", "Value": 1}]})
    with started(tmp_path, clock) as server:
        stop_loops(server)
        world = World(server, clock)
        world.queue()
        found = world.aws("scheduler").list_schedules()["Schedules"]
        assert [one["Name"] for one in found] == ["s"]
        world.follow("2026-03-02 14:00")
        assert times(world) == ["2026-03-02T13:00:00Z"]
    told = capsys.readouterr().err
    assert "the schedule bad cannot be restored and does not fire" in told
    assert "the group bad cannot be restored" in told
    with started(tmp_path, clock) as server:
        stop_loops(server)
        scheduler = World(server, clock).aws("scheduler")
        with pytest.raises(scheduler.exceptions.ResourceNotFoundException):
            scheduler.delete_schedule(Name="bad")
        assert server.store.scope(ACCOUNT, REGION).read("schedule", "default", "bad") is None
