"""Provisioning on a real server: created, updated and unchanged resources."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

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
