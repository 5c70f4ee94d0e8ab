"""Deliveries that fail: what targets say about them is checked, none blocks another, and old ones are given up."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from glue_local.eventbridge.deliveries import store_delivery

from .conftest import ACCOUNT, REGION, World

APP = {"source": ["app"]}
MISSING = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:none"


def put(world: World) -> None:
    """Put an event on the bus and deliver it."""
    world.aws("events").put_events(Entries=[{"Source": "app", "DetailType": "d", "Detail": "{}"}])
    world.settle()


def test_a_failure_that_cannot_be_processed_does_not_block_later_deliveries(world: World, capsys: Any) -> None:
    documents = world.server.store.scope(ACCOUNT, REGION)
    # As a version without checks may have stored them.
    for target in ({"DeadLetterConfig": {"Arn": "dead"}}, {"RetryPolicy": {"MaximumRetryAttempts": "3"}}):
        now = world.clock.now.timestamp()
        store_delivery(world.server.private, documents, "arn:r", {"Arn": MISSING, **target}, now, event={"id": "1"})
    world.rule("r", world.queue(), pattern=APP)
    put(world)
    put(world)
    assert len(world.messages()) == 2
    assert capsys.readouterr().err.count("a delivery of arn:r is dropped") == 2
    assert documents.count("delivery") == 0


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({"DeadLetterConfig": {"Arn": "dead"}}, "Parameter dead is not valid"),
        ({"DeadLetterConfig": {"Arn": f"arn:aws:sns:{REGION}:{ACCOUNT}:t"}}, "Arn of an SQS queue"),
        ({"RetryPolicy": {"MaximumRetryAttempts": 186}}, "MaximumRetryAttempts is not valid"),
        ({"RetryPolicy": {"MaximumEventAgeInSeconds": 90_000}}, "MaximumEventAgeInSeconds is not valid"),
    ],
)
def test_what_a_target_says_about_failures_is_checked(world: World, target: dict[str, Any], message: str) -> None:
    events = world.aws("events")
    events.put_rule(Name="r", EventPattern=json.dumps(APP))
    with pytest.raises(ClientError, match=message) as refusal:
        events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": world.queue(), **target}])
    assert refusal.value.response["Error"]["Code"] == "ValidationException"


def test_a_stack_may_have_a_retry_policy_of_texts(world: World) -> None:
    targets = [{"Id": "1", "Arn": world.queue(), "RetryPolicy": {"MaximumRetryAttempts": "3"}}]
    rule = {"Name": "r", "EventPattern": APP, "State": "ENABLED", "Targets": targets}
    template = {"Resources": {"Rule": {"Type": "AWS::Events::Rule", "Properties": rule}}}
    world.aws("cloudformation").create_stack(StackName="s", TemplateBody=json.dumps(template))
    (name,) = world.aws("events").list_rule_names_by_target(TargetArn=world.queue())["RuleNames"]
    (target,) = world.aws("events").list_targets_by_rule(Rule=name)["Targets"]
    assert target["RetryPolicy"] == {"MaximumRetryAttempts": 3}


def test_an_event_that_another_bus_refuses_goes_to_the_dead_letter_queue(world: World) -> None:
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
    target = {"Arn": bus, "RoleArn": "arn:aws:iam::000000000000:role/r", "Input": '"no object", no JSON'}
    world.aws("scheduler").create_schedule(
        Name="s",
        ScheduleExpression="rate(1 day)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={
            **target,
            "EventBridgeParameters": {"Source": "app", "DetailType": "d"},
            "DeadLetterConfig": {"Arn": world.queue("dead")},
        },
    )
    world.settle()
    sqs = world.aws("sqs")
    url = sqs.get_queue_url(QueueName="dead")["QueueUrl"]
    (message,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert message["Body"] == target["Input"]
    assert message["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "MalformedDetail"


def test_a_delivery_is_not_tried_after_its_maximum_age(world: World, capsys: Any) -> None:
    policy = {"RetryPolicy": {"MaximumEventAgeInSeconds": 60}, "DeadLetterConfig": {"Arn": world.queue("dead")}}
    world.rule("r", {"Arn": world.queue(), **policy}, {"Arn": world.queue("patient"), "Input": "1"}, pattern=APP)
    world.aws("events").put_events(Entries=[{"Source": "app", "DetailType": "d", "Detail": "{}"}])
    # Such as by a server that was not running.
    world.pass_time(seconds=61)
    assert world.messages() == []
    assert [event["source"] for event in world.messages("dead")] == ["app"]
    assert world.messages("patient") == [1]
    assert "older than 60 s" in capsys.readouterr().err
