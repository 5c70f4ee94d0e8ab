"""Rules deliver matching events to targets of every type; what cannot be delivered to is refused."""

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import ACCOUNT, REGION, World
from .events import APP, ENTRY, executions, machine, put, workflow


def test_a_state_machine_is_started_with_the_event(world: World) -> None:
    arn = machine(world)
    world.rule("r", {"Arn": arn, "RoleArn": "arn:aws:iam::000000000000:role/r"}, pattern=APP)
    event = put(world)
    (given,) = executions(world, arn)
    assert given["id"] == event
    assert given["detail"] == json.loads(ENTRY["Detail"])


def test_kinesis_and_firehose(world: World) -> None:
    kinesis = world.aws("kinesis")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    stream = f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/s"
    destination = {"BucketARN": "arn:aws:s3:::b", "RoleARN": "arn:aws:iam::000000000000:role/r"}
    delivery = world.aws("firehose").create_delivery_stream(
        DeliveryStreamName="d", S3DestinationConfiguration=destination
    )["DeliveryStreamARN"]
    keyed = {"Arn": stream, "KinesisParameters": {"PartitionKeyPath": "$.detail.site"}, "InputPath": "$.detail"}
    world.rule("r", keyed, stream, {"Arn": delivery, "Input": '"x"'}, pattern=APP)
    event = put(world)
    shard = kinesis.list_shards(StreamName="s")["Shards"][0]["ShardId"]
    iterator = kinesis.get_shard_iterator(StreamName="s", ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    records = kinesis.get_records(ShardIterator=iterator["ShardIterator"])["Records"]
    assert [record["PartitionKey"] for record in records] == ["N1", event]
    assert json.loads(records[0]["Data"])["rows"] == 3
    documents = world.server.store.scope(ACCOUNT, REGION)
    assert len(documents.keys("put_record", "d")) == 1


def test_a_topic_a_log_group_and_another_bus(world: World) -> None:
    # CloudWatch Logs refuses messages that are older than two weeks by its own clock.
    world.clock.now = datetime.now(timezone.utc)
    queue = world.queue()
    topic = world.aws("sns").create_topic(Name="t")["TopicArn"]
    world.aws("sns").subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "true"}
    )
    logs = world.aws("logs")
    logs.create_log_group(logGroupName="/aws/events/g")
    events = world.aws("events")
    bus = events.create_event_bus(Name="b")["EventBusArn"]
    events.put_rule(Name="there", EventBusName="b", EventPattern=json.dumps(APP))
    target = {"Id": "1", "Arn": queue, "Input": '"from the other bus"'}
    events.put_targets(Rule="there", EventBusName="b", Targets=[target])
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/events/g"
    world.rule("r", {"Arn": topic, "Input": '"from the topic"'}, group, bus, pattern=APP)
    event = put(world)
    world.settle()
    assert sorted(world.messages()) == ["from the other bus", "from the topic"]
    (logged,) = logs.filter_log_events(logGroupName="/aws/events/g")["events"]
    assert json.loads(logged["message"])["id"] == event


def test_a_workflow_is_started_by_a_batch_of_events(world: World) -> None:
    world.rule("r", workflow(world, BatchSize=2, BatchWindow=60), pattern=APP)
    first = put(world)
    assert world.aws("glue").get_workflow_runs(Name="w")["Runs"] == []
    second = put(world)
    (run,) = world.aws("glue").get_workflow_runs(Name="w")["Runs"]
    assert run["WorkflowRunProperties"] == {"aws:eventIds": f"[{first}, {second}]"}
    assert run["StartingEventBatchCondition"] == {"BatchSize": 2}
    assert len(world.aws("glue").get_job_runs(JobName="j")["JobRuns"]) == 1


def test_the_end_of_a_job_starts_a_workflow_and_a_state_machine(world: World) -> None:
    arn = machine(world)
    ended = {"source": ["aws.glue"], "detail": {"jobName": ["first"], "state": ["SUCCEEDED"]}}
    world.rule("r", workflow(world, BatchSize=1), {"Arn": arn, "InputPath": "$.detail"}, pattern=ended)
    world.job("first")
    for state in ("FAILED", "SUCCEEDED"):
        run = world.aws("glue").start_job_run(JobName="first")["JobRunId"]
        world.end_run(state)
        world.settle()
    (given,) = executions(world, arn)
    assert (given["state"], given["jobRunId"]) == ("SUCCEEDED", run)
    assert len(world.aws("glue").get_workflow_runs(Name="w")["Runs"]) == 1


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:batch:{REGION}:{ACCOUNT}:job-queue/q",
        f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/c",
        f"arn:aws:glue:{REGION}:{ACCOUNT}:job/j",
    ],
)
def test_a_target_that_nothing_delivers_to_is_refused_by_name(world: World, arn: str) -> None:
    events = world.aws("events")
    events.put_rule(Name="r", EventPattern=json.dumps(APP))
    with pytest.raises(ClientError, match=arn) as refusal:
        events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": arn}])
    assert refusal.value.response["Error"]["Code"] == "NotEmulatedByGlueLocalException"
    assert events.list_targets_by_rule(Rule="r")["Targets"] == []


def test_what_a_target_refuses_goes_to_its_dead_letter_queue(world: World, capsys: Any) -> None:
    dead = world.queue("dead")
    missing = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:none"
    world.rule("r", {"Arn": missing, "DeadLetterConfig": {"Arn": dead}}, pattern=APP)
    event = put(world)
    assert [message["id"] for message in world.messages("dead")] == [event]
    assert f"cannot deliver to {missing}" in capsys.readouterr().err
    assert world.pass_time(hours=1) is None


def test_a_broken_delivery_does_not_stop_the_others(world: World, capsys: Any) -> None:
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/none"
    lost = {"Arn": bus, "Input": "{}"}
    stream = {"Arn": f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/none"}
    template = {"Arn": world.queue("other"), "InputTransformer": {"InputTemplate": "<aws.events.rule-name>"}}
    world.rule("r", lost, stream, template, world.queue(), pattern=APP)
    put(world)
    assert world.messages("other") == ["r"]
    assert len(world.messages()) == 1
    told = capsys.readouterr().err
    assert ("stream/none" in told, "event-bus/none" in told) == (True, True)
    assert world.server.store.scope(ACCOUNT, REGION).count("delivery") == 0
