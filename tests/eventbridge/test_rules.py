"""Rules deliver matching events to targets of every type, and fire on schedules; their definitions survive a restart."""

import json
import time
from datetime import datetime, timedelta, timezone
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from glue_local.eventbridge.rules import RuleHooks
from glue_local.server import Server
from glue_local.store import Document

from .conftest import ACCOUNT, REGION, START, Clock, World, started, stop_loops

ENTRY = {"Source": "app", "DetailType": "Loaded", "Detail": json.dumps({"site": "N1", "rows": 3, "tags": ["a", "b"]})}
APP = {"source": ["app"]}
PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}


def put(world: World, **more: Any) -> str:
    """Put an event on the bus and deliver it; return its id."""
    (entry,) = world.aws("events").put_events(Entries=[{**ENTRY, **more}])["Entries"]
    world.settle()
    return str(entry["EventId"])


def machine(world: World) -> str:
    made = world.aws("stepfunctions").create_state_machine(
        name="m", definition=json.dumps(PASS), roleArn=f"arn:aws:iam::{ACCOUNT}:role/r"
    )
    return str(made["stateMachineArn"])


def executions(world: World, arn: str) -> list[Any]:
    """Return the inputs of a machine's executions, the earliest first, once they have succeeded."""
    sfn = world.aws("stepfunctions")
    end = time.monotonic() + 30
    while time.monotonic() < end:
        found = sfn.list_executions(stateMachineArn=arn)["executions"]
        if all(one["status"] == "SUCCEEDED" for one in found):
            break
        time.sleep(0.05)
    inputs = [sfn.describe_execution(executionArn=one["executionArn"]) for one in found]
    return [json.loads(one["input"]) for one in sorted(inputs, key=lambda one: one["startDate"])]


def test_a_state_machine_is_started_with_the_event(world: World) -> None:
    arn = machine(world)
    world.rule("r", {"Arn": arn, "RoleArn": "arn:aws:iam::000000000000:role/r"}, pattern=APP)
    event = put(world)
    (given,) = executions(world, arn)
    assert given["id"] == event
    assert given["detail"] == json.loads(ENTRY["Detail"])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"Input": '{"day": 1}'}, {"day": 1}),
        ({"InputPath": "$.detail"}, {"site": "N1", "rows": 3, "tags": ["a", "b"]}),
        ({"InputPath": "$.detail.tags[1]"}, "b"),
        (
            {
                "InputTransformer": {
                    "InputPathsMap": {
                        "site": "$.detail.site",
                        "rows": "$.detail.rows",
                        "all": "$.detail",
                        "type": "$.detail-type",
                        "none": "$.detail.none",
                    },
                    "InputTemplate": '{"site": <site>, "rows": <rows>, "text": "<type> of <site>: <all>", "all": <all>,'
                    ' "none": <none>, "rule": "<aws.events.rule-name>", "kept": "a < b"}',
                }
            },
            {
                "site": "N1",
                "rows": 3,
                "text": 'Loaded of N1: {"site": "N1", "rows": 3, "tags": ["a", "b"]}',
                "all": {"site": "N1", "rows": 3, "tags": ["a", "b"]},
                "none": "",
                "rule": "r",
                "kept": "a < b",
            },
        ),
        (
            {
                "InputTransformer": {
                    "InputPathsMap": {"s": "$.detail.site"},
                    "InputTemplate": '"<s> is \\"loaded\\": <s>"',
                }
            },
            'N1 is "loaded": N1',
        ),
    ],
)
def test_the_input_of_a_target(world: World, given: dict[str, Any], expected: Any) -> None:
    world.rule("r", {"Arn": world.queue(), **given}, pattern=APP)
    put(world)
    assert world.messages() == [expected]


def test_a_transformer_may_pass_the_whole_event(world: World) -> None:
    template = {"InputTemplate": '{"event": <aws.events.event.json>}'}
    world.rule("r", {"Arn": world.queue(), "InputTransformer": template}, pattern=APP)
    event = put(world)
    (message,) = world.messages()
    assert (message["event"]["id"], message["event"]["detail"]["rows"]) == (event, 3)


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


def workflow(world: World, **batching: int) -> str:
    """Create a workflow that starts on events; return its ARN."""
    glue = world.aws("glue")
    world.job("j", ExecutionProperty={"MaxConcurrentRuns": 10})
    glue.create_workflow(Name="w")
    glue.create_trigger(
        Name="t", WorkflowName="w", Type="EVENT", Actions=[{"JobName": "j"}], EventBatchingCondition=batching
    )
    return f"arn:aws:glue:{REGION}:{ACCOUNT}:workflow/w"


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


def test_objects_in_s3_start_a_workflow(world: World) -> None:
    s3 = world.aws("s3")
    for bucket in ("lake", "other"):
        s3.create_bucket(Bucket=bucket)
        notified = {"EventBridgeConfiguration": {}} if bucket == "lake" else {}
        s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=notified)
    created = {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": ["lake"]}, "object": {"key": [{"prefix": "raw/"}]}},
    }
    world.rule("r", workflow(world, BatchSize=3), world.queue(), pattern=created)
    s3.put_object(Bucket="lake", Key="raw/a.json", Body=b"hello")
    s3.put_object(Bucket="lake", Key="other/a.json", Body=b"hello")
    s3.put_object(Bucket="other", Key="raw/a.json", Body=b"hello")
    s3.copy_object(Bucket="lake", Key="raw/b.json", CopySource="lake/raw/a.json")
    upload = s3.create_multipart_upload(Bucket="lake", Key="raw/c.json")["UploadId"]
    of_upload = {"Bucket": "lake", "Key": "raw/c.json", "UploadId": upload}
    part = {"ETag": s3.upload_part(**of_upload, PartNumber=1, Body=b"part")["ETag"], "PartNumber": 1}
    s3.complete_multipart_upload(**of_upload, MultipartUpload={"Parts": [part]})
    s3.delete_object(Bucket="lake", Key="raw/a.json")
    world.settle()
    messages = world.messages()
    found = {event["detail"]["object"]["key"]: event for event in messages}
    assert len(messages) == 3
    assert {key: event["detail"]["reason"] for key, event in found.items()} == {
        "raw/a.json": "PutObject",
        "raw/b.json": "CopyObject",
        "raw/c.json": "CompleteMultipartUpload",
    }
    one = found["raw/a.json"]
    sequencer, request = one["detail"]["object"].pop("sequencer"), one["detail"].pop("request-id")
    assert (len(sequencer), len(request), one["time"][-1]) == (16, 16, "Z")
    assert {**one, "id": "", "time": ""} == {
        "version": "0",
        "id": "",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": ACCOUNT,
        "time": "",
        "region": REGION,
        "resources": ["arn:aws:s3:::lake"],
        "detail": {
            "version": "0",
            "bucket": {"name": "lake"},
            "object": {"key": "raw/a.json", "size": 5, "etag": "5d41402abc4b2a76b9719d911017c592"},
            "requester": ACCOUNT,
            "source-ip-address": "127.0.0.1",
            "reason": "PutObject",
        },
    }
    (run,) = world.aws("glue").get_workflow_runs(Name="w")["Runs"]
    events = run["WorkflowRunProperties"]["aws:eventIds"].strip("[]").split(", ")
    assert sorted(events) == sorted(event["id"] for event in found.values())


def test_an_object_is_one_event_and_its_tags_and_deletion_are_others(world: World) -> None:
    s3 = world.aws("s3")
    s3.create_bucket(Bucket="lake")
    s3.put_bucket_notification_configuration(Bucket="lake", NotificationConfiguration={"EventBridgeConfiguration": {}})
    world.rule("r", {"Arn": world.queue(), "InputPath": "$.detail-type"}, pattern={"source": ["aws.s3"]})
    found = []
    for operation, more in (
        ("put_object", {"Body": b"x", "Tagging": "a=b"}),
        ("put_object_tagging", {"Tagging": {"TagSet": [{"Key": "a", "Value": "c"}]}}),
        ("delete_object", {}),
    ):
        getattr(s3, operation)(Bucket="lake", Key="k", **more)
        world.settle()
        found.append(world.messages())
    assert found == [["Object Created"], ["Object Tags Added"], ["Object Deleted"]]


def notified_bucket(world: World, versioning: str = "Suspended") -> Any:
    """Create the bucket ``lake``, whose events are on EventBridge; return a client."""
    s3 = world.aws("s3")
    s3.create_bucket(Bucket="lake")
    s3.put_bucket_versioning(Bucket="lake", VersioningConfiguration={"Status": versioning})
    s3.put_bucket_notification_configuration(Bucket="lake", NotificationConfiguration={"EventBridgeConfiguration": {}})
    return s3


def test_an_archive_has_objects_in_s3_too(world: World) -> None:
    s3, events = notified_bucket(world), world.aws("events")
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
    archive = events.create_archive(ArchiveName="a", EventSourceArn=bus)["ArchiveArn"]
    s3.put_object(Bucket="lake", Key="k", Body=b"x")
    assert events.describe_archive(ArchiveName="a")["EventCount"] == 1
    world.rule("r", {"Arn": world.queue(), "InputPath": "$.detail.object.key"}, pattern={"source": ["aws.s3"]})
    replay = {"EventSourceArn": archive, "EventStartTime": START, "EventEndTime": START, "Destination": {"Arn": bus}}
    events.start_replay(ReplayName="p", **replay)
    world.settle()
    assert world.messages() == ["k"]


def test_versions_and_delete_markers(world: World) -> None:
    s3 = notified_bucket(world, "Enabled")
    world.rule("r", {"Arn": world.queue(), "InputPath": "$.detail"}, pattern={"detail-type": ["Object Deleted"]})
    version = s3.put_object(Bucket="lake", Key="k", Body=b"x")["VersionId"]
    marker = s3.delete_object(Bucket="lake", Key="k")["VersionId"]
    world.settle()
    (created,) = world.messages()
    assert (created["deletion-type"], created["reason"]) == ("Delete Marker Created", "DeleteObject")
    del created["object"]["sequencer"]
    empty = "d41d8cd98f00b204e9800998ecf8427e"
    assert created["object"] == {"key": "k", "etag": empty, "version-id": marker}
    s3.delete_object(Bucket="lake", Key="k", VersionId=version)
    s3.delete_object(Bucket="lake", Key="k", VersionId=marker)
    world.settle()
    assert [event["deletion-type"] for event in world.messages()][-1] == "Permanently Deleted"
    assert "Versions" not in s3.list_object_versions(Bucket="lake")


def test_an_event_that_cannot_be_sent_does_not_fail_the_request(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def fails(*_: Any) -> None:
        raise KeyError("broken")

    s3 = notified_bucket(world)
    world.rule("r", world.queue(), pattern={"source": ["aws.s3"]})
    with monkeypatch.context() as patched:
        patched.setattr(RuleHooks, "matched", fails)
        s3.put_object(Bucket="lake", Key="k", Body=b"x")
    assert s3.get_object(Bucket="lake", Key="k")["Body"].read() == b"x"
    assert "rule/r did not get the event of s3://lake/k: KeyError('broken')" in capsys.readouterr().err


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


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({"Input": "{}", "InputPath": "$"}, "Only one of Input, InputPath, or InputTransformer"),
        ({"Input": "{no"}, "JSON syntax error in input for target 1"),
        ({"InputPath": "$..detail"}, "Invalid InputPath for target 1"),
    ],
)
def test_an_invalid_input_is_refused(world: World, target: dict[str, Any], message: str) -> None:
    events = world.aws("events")
    events.put_rule(Name="r", EventPattern=json.dumps(APP))
    with pytest.raises(ClientError, match=message) as refusal:
        events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": world.queue(), **target}])
    assert refusal.value.response["Error"]["Code"] == "ValidationException"


def test_what_a_target_refuses_goes_to_its_dead_letter_queue(world: World, capsys: Any) -> None:
    dead = world.queue("dead")
    missing = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:none"
    world.rule("r", {"Arn": missing, "DeadLetterConfig": {"Arn": dead}}, pattern=APP)
    event = put(world)
    assert [message["id"] for message in world.messages("dead")] == [event]
    assert f"cannot deliver to {missing}" in capsys.readouterr().err
    assert world.pass_time(hours=1) is None


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


def times(world: World) -> list[str]:
    return [message["time"] for message in world.messages()]


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
