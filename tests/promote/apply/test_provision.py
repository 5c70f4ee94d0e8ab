"""Provisioning on a real server: created, updated and unchanged resources."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from glue_local.promote.apply.provision import provision
from glue_local.promote.definition.desired import desired
from glue_local.promote.kinds import Account

Aws = Callable[..., Any]

TEXT = """\
buckets: [{{Bucket: scripts}}]
scripts: [{{Source: a.py, Destination: s3://scripts/a.py}}]
roles: [{{RoleName: r, AssumeRolePolicyDocument: {{Version: "2012-10-17", Statement: [{{Effect: Allow, Principal: {{Service: "{service}.amazonaws.com"}}, Action: "sts:AssumeRole"}}]}}}}]
streams: [{{StreamName: s, ShardCount: {shards}}}]
databases: [{{DatabaseInput: {{Name: d, Description: {text}}}}}]
tables:
  - DatabaseName: d
    TableInput: {{Name: t, Parameters: {{classification: {text}}}, StorageDescriptor: {{Columns: [{{Name: a, Type: int}}], Location: s3://scripts/t/}}}}
delivery_streams:
  - DeliveryStreamName: f
    DeliveryStreamType: DirectPut
    ExtendedS3DestinationConfiguration:
      {{RoleARN: "arn:aws:iam::000000000000:role/r", BucketARN: "arn:aws:s3:::scripts", BufferingHints: {{IntervalInSeconds: {seconds}, SizeInMBs: 1}}}}
jobs: [{{Name: j, Role: r, Timeout: {seconds}, Command: {{Name: pythonshell, ScriptLocation: s3://scripts/a.py}}, Tags: {{team: roads}}}}]
workflows: [{{Name: w, Description: {text}}}]
triggers: [{{Name: t, Type: SCHEDULED, WorkflowName: w, Schedule: rate({seconds} minutes), StartOnCreation: true, Actions: [{{JobName: j}}]}}]
state_machines: [{{name: m, roleArn: "arn:aws:iam::000000000000:role/r", definition: m.asl.json}}]
schedules: [{{Name: n, ScheduleExpression: "cron(0 3 1 1 ? 21{seconds})", FlexibleTimeWindow: {{Mode: "OFF"}}, Target: {{Arn: "arn:aws:states:us-east-1:000000000000:stateMachine:m", RoleArn: "arn:aws:iam::000000000000:role/r"}}}}]
"""


def apply(folder: Path, aws: Aws, *, state: str, script: str, **values: Any) -> dict[str, str]:
    (folder / "a.py").write_text(script)
    (folder / "m.asl.json").write_text(f'{{"StartAt": "{state}", "States": {{"{state}": {{"Type": "Succeed"}}}}}}')
    (folder / "glue-local.yaml").write_text(TEXT.format(**values))
    resources = desired(folder / "glue-local.yaml", "us-east-1", "000000000000")
    return {
        resource.kind: outcome for resource, outcome in provision(resources, Account(aws, "us-east-1", "000000000000"))
    }


def test_resources_are_created_then_unchanged_then_updated(tmp_path: Path, aws: Aws) -> None:
    first = {"state": "A", "script": "1", "service": "glue", "shards": 1, "text": "x", "seconds": 60}
    assert set(apply(tmp_path, aws, **first).values()) == {"created"}
    assert set(apply(tmp_path, aws, **first).values()) == {"unchanged"}
    second = {"state": "B", "script": "2", "service": "states", "shards": 2, "text": "y", "seconds": 70}
    assert apply(tmp_path, aws, **second) == {
        **dict.fromkeys(
            ("scripts", "roles", "streams", "databases", "tables", "delivery_streams", "jobs", "workflows", "triggers"),
            "updated",
        ),
        "state_machines": "updated",
        "schedules": "updated",
        "buckets": "unchanged",
    }
    assert aws("s3").get_object(Bucket="scripts", Key="a.py")["Body"].read() == b"2"
    assert aws("glue").get_job(JobName="j")["Job"]["Timeout"] == 70
    schedule = aws("scheduler").get_schedule(Name="n")
    assert (schedule["ScheduleExpression"], schedule["State"]) == ("cron(0 3 1 1 ? 2170)", "ENABLED")
    trigger = aws("glue").get_trigger(Name="t")["Trigger"]
    assert (trigger["Schedule"], trigger["State"]) == ("rate(70 minutes)", "ACTIVATED")
    assert aws("glue").get_table(DatabaseName="d", Name="t")["Table"]["Parameters"]["classification"] == "y"
    assert set(apply(tmp_path, aws, **second).values()) == {"unchanged"}


def test_partitions_are_dropped_if_their_bucket_had_to_be_created(tmp_path: Path, aws: Aws) -> None:
    given = {"state": "A", "script": "1", "service": "glue", "shards": 1, "text": "x", "seconds": 60}
    apply(tmp_path, aws, **given)
    glue, table = aws("glue"), {"DatabaseName": "d", "Name": "t"}
    definition = glue.get_table(**table)["Table"]
    keyed = {"Name": "t", "Parameters": definition["Parameters"], "StorageDescriptor": definition["StorageDescriptor"]}
    glue.update_table(DatabaseName="d", TableInput={**keyed, "PartitionKeys": [{"Name": "day", "Type": "int"}]})
    for day in range(30):
        glue.create_partition(DatabaseName="d", TableName="t", PartitionInput={"Values": [str(day)]})
    assert apply(tmp_path, aws, **given)["tables"] == "unchanged"
    aws("s3").delete_object(Bucket="scripts", Key="a.py")
    aws("s3").delete_bucket(Bucket="scripts")
    assert apply(tmp_path, aws, **given)["tables"] == "emptied"
    assert glue.get_partitions(DatabaseName="d", TableName="t")["Partitions"] == []


RULE = """\
rules: [{Name: r, EventPattern: {source: [app]}}]
rule_targets: [{Rule: r, Targets: [{Id: "1", Arn: "arn:aws:glue:us-east-1:000000000000:workflow/w"}]}]
"""


@pytest.mark.parametrize(
    ("message", "outcome"), [("exception: Unsupported target for Service: glue", "unsupported"), ("other", None)]
)
def test_a_target_that_localstack_does_not_deliver_to_is_reported(
    message: str, outcome: str | None, tmp_path: Path, aws: Aws
) -> None:
    class Events:
        def put_targets(self, **request: Any) -> None:
            raise ClientError({"Error": {"Code": "InternalError", "Message": message}}, "PutTargets")

        def __getattr__(self, name: str) -> Any:
            return getattr(aws("events"), name)

    (tmp_path / "glue-local.yaml").write_text(RULE)
    resources = desired(tmp_path / "glue-local.yaml", "us-east-1", "000000000000")
    account = Account(lambda service: Events() if service == "events" else aws(service), "us-east-1", "000000000000")
    if outcome is None:
        with pytest.raises(ClientError, match=message):
            list(provision(resources, account))
    else:
        assert [done for _, done in provision(resources, account)][1:] == [outcome]
    aws("events").delete_rule(Name="r")


CRAWLED = """\
buckets: [{{Bucket: crawled}}]
bucket_notifications: [{{Bucket: crawled, NotificationConfiguration: {{EventBridgeConfiguration: {{}}}}}}]
crawlers: [{{Name: provisioned, Role: r, DatabaseName: d, Targets: {{S3Targets: [{{Path: s3://crawled/raw/}}]}}, {more}}}]
rules: [{{Name: provisioned, State: {state}, EventPattern: {{source: [app]}}}}]
rule_targets: [{{Rule: provisioned, Targets: [{{Id: {id}, Arn: "arn:aws:kinesis:us-east-1:000000000000:stream/s"}}]}}]
"""


def test_crawlers_rules_and_notifications_are_created_then_updated(tmp_path: Path, aws: Aws) -> None:
    account = Account(aws, "us-east-1", "000000000000")

    def done(**values: str) -> dict[str, str]:
        (tmp_path / "glue-local.yaml").write_text(CRAWLED.format(**values))
        resources = desired(tmp_path / "glue-local.yaml", "us-east-1", "000000000000")
        return {each.kind: outcome for each, outcome in provision(resources, account)}

    first = {"more": 'Schedule: "cron(0 3 * * ? *)", TablePrefix: p_', "state": "ENABLED", "id": "a"}
    assert set(done(**first).values()) == {"created"}
    assert set(done(**first).values()) == {"unchanged"}
    aws("glue").stop_crawler_schedule(CrawlerName="provisioned")
    assert done(**first)["crawlers"] == "updated"
    assert aws("glue").get_crawler(Name="provisioned")["Crawler"]["Schedule"]["State"] == "SCHEDULED"
    second = {"more": 'Schedule: "cron(0 4 * * ? *)"', "state": "DISABLED", "id": "b"}
    assert done(**second) == {
        "buckets": "unchanged",
        "bucket_notifications": "unchanged",
        **dict.fromkeys(("crawlers", "rules", "rule_targets"), "updated"),
    }
    crawler = aws("glue").get_crawler(Name="provisioned")["Crawler"]
    assert crawler["Schedule"]["ScheduleExpression"] == "cron(0 4 * * ? *)"
    targets = aws("events").list_targets_by_rule(Rule="provisioned")["Targets"]
    assert [target["Id"] for target in targets] == ["b"]
    aws("events").remove_targets(Rule="provisioned", Ids=["b"])
    aws("events").delete_rule(Name="provisioned")
    aws("glue").delete_crawler(Name="provisioned")
