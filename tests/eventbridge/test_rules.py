"""Rules match events or fire on schedules, and change while they do."""

import json
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError

from glue_local.eventbridge.rules import RuleHooks

from .conftest import ACCOUNT, REGION, START, World
from .events import APP, put, times


def test_a_disabled_rule_delivers_nothing(world: World) -> None:
    world.rule("r", world.queue(), pattern=APP, State="DISABLED")
    put(world)
    assert world.messages() == []
    world.aws("events").enable_rule(Name="r")
    put(world)
    assert len(world.messages()) == 1
    world.aws("events").disable_rule(Name="r")
    put(world)
    assert world.messages() == []


def test_a_rule_with_a_schedule_matches_no_event(world: World) -> None:
    world.rule("r", world.queue(), ScheduleExpression="rate(1 day)")
    put(world)
    assert world.messages() == []


def test_a_stack_creates_and_deletes_rules(world: World) -> None:
    cloudformation, queue = world.aws("cloudformation"), world.queue()
    targets = [{"Id": "1", "Arn": queue}]
    rule = {"ScheduleExpression": "cron(0 13 * * ? *)", "State": "ENABLED", "Targets": targets}
    resources = {"Rule": {"Type": "AWS::Events::Rule", "Properties": rule}}
    cloudformation.create_stack(StackName="s", TemplateBody=json.dumps({"Resources": resources}))
    world.set(START + timedelta(hours=1))
    assert times(world) == ["2026-03-02T13:00:00Z"]
    cloudformation.delete_stack(StackName="s")
    world.set(START + timedelta(days=1, hours=1))
    assert times(world) == []


def test_a_week_of_scheduled_rules(world: World) -> None:
    for name in ("noon", "hours"):
        world.queue(name)
    world.rule("noon", world.queue("noon"), ScheduleExpression="cron(15 12 ? * MON-FRI *)")
    world.rule("hours", world.queue("hours"), ScheduleExpression="rate(1 hour)")
    world.follow(START + timedelta(days=7))
    noon = world.messages("noon")
    assert sorted(event["time"] for event in noon) == [f"2026-03-0{day}T12:15:00Z" for day in range(2, 7)]
    assert {
        (event["source"], event["detail-type"], event["account"], json.dumps(event["detail"])) for event in noon
    } == {("aws.events", "Scheduled Event", ACCOUNT, "{}")}
    assert {tuple(event["resources"]) for event in noon} == {(f"arn:aws:events:{REGION}:{ACCOUNT}:rule/noon",)}
    assert len(world.messages("hours")) == 7 * 24


@pytest.mark.parametrize("expression", ["cron(* * * * * *)", "rate(1 hours)", "cron(no)", "rate(0 minutes)"])
def test_an_invalid_schedule_is_refused(world: World, expression: str) -> None:
    with pytest.raises(ClientError, match="Parameter ScheduleExpression is not valid") as refusal:
        world.aws("events").put_rule(Name="r", ScheduleExpression=expression)
    assert refusal.value.response["Error"]["Code"] == "ValidationException"


def test_a_rule_fires_for_a_minute_and_stops_when_it_is_disabled_or_deleted(world: World) -> None:
    world.rule("r", world.queue(), ScheduleExpression="rate(1 minute)")
    world.follow(START + timedelta(minutes=3))
    assert len(times(world)) == 3
    world.aws("events").disable_rule(Name="r")
    world.follow(START + timedelta(minutes=6))
    assert times(world) == []
    world.aws("events").enable_rule(Name="r")
    world.follow(START + timedelta(minutes=8))
    assert sorted(times(world)) == ["2026-03-02T12:07:00Z", "2026-03-02T12:08:00Z"]
    world.aws("events").remove_targets(Rule="r", Ids=["t0"])
    world.aws("events").delete_rule(Name="r")
    world.follow(START + timedelta(minutes=10))
    assert times(world) == []


def test_putting_a_due_rule_again_does_not_lose_its_time(world: World) -> None:
    world.rule("r", world.queue(), ScheduleExpression="cron(0 13 * * ? *)")
    world.clock.now = START + timedelta(hours=1)
    world.aws("events").put_rule(Name="r", ScheduleExpression="cron(0 13 * * ? *)", Description="again")
    world.settle()
    assert times(world) == ["2026-03-02T13:00:00Z"]


def test_rules_may_change_while_an_event_is_matched(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    events, queue = world.aws("events"), world.queue()
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
    archive = events.create_archive(ArchiveName="a", EventSourceArn=bus)["ArchiveArn"]
    for name in ("r1", "r2"):
        world.rule(name, queue, pattern=APP)
    made = count(1)
    matched = RuleHooks.matched

    def matched_while_rules_change(hooks: RuleHooks, *arguments: Any) -> None:
        events.put_rule(Name=f"new{next(made)}", EventPattern=json.dumps({"source": ["other"]}))
        matched(hooks, *arguments)

    monkeypatch.setattr(RuleHooks, "matched", matched_while_rules_change)
    put(world)
    assert len(world.messages()) == 2
    replay = {"EventSourceArn": archive, "EventStartTime": START, "EventEndTime": START, "Destination": {"Arn": bus}}
    events.start_replay(ReplayName="p", **replay)
    world.settle()
    assert len(world.messages()) == 2
