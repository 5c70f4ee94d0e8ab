"""Every member that the definition check accepts is promoted and read back unchanged, or refused with name and line."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import yaml
from botocore.model import StructureShape

from glue_local.promote.checks.members import unsupported_members
from glue_local.promote.definition.document import DefinitionError
from glue_local.promote.definition.overlay import staged
from glue_local.promote.kinds import KINDS, Account, Found
from glue_local.promote.plan.differences import differences
from tests.promote.conftest import edit
from tests.promote.plan.test_differences import drift, planned, promote

HERE, ROLE = "arn:aws:firehose:eu-west-1:123456789012", "arn:aws:iam::123456789012:role/r"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/k"
LOGS = "arn:aws:logs:eu-west-1:123456789012:log-group:/m:*"
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:q.fifo"
LAMBDA = "arn:aws:lambda:eu-west-1:123456789012:function:f:1"

# Values, by kind, for members that the project's definitions do not set.
GIVEN: dict[str, dict[str, Any]] = {
    "roles": {"Path": "/roads/", "Description": "d", "MaxSessionDuration": 7200, "PermissionsBoundary": "arn:aws:iam::123456789012:policy/b", "Tags": [{"Key": "a", "Value": "b"}]},
    "role_policies": {},
    "streams": {"StreamModeDetails": {"StreamMode": "PROVISIONED"}, "Tags": {"a": "b"}},
    "databases": {"DatabaseInput": {"LocationUri": "s3://data/d/", "Parameters": {"a": "b"}, "CreateTableDefaultPermissions": [{"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}]}, "Tags": {"a": "b"}},
    "tables": {"TableInput": {"Description": "d", "Owner": "o", "Retention": 3, "PartitionKeys": [{"Name": "p", "Type": "string"}], "TableType": "EXTERNAL_TABLE"}},
    "delivery_streams": {
        "Tags": [{"Key": "a", "Value": "b"}],
        "ExtendedS3DestinationConfiguration": {
            "S3BackupMode": "Enabled",
            "S3BackupConfiguration": {"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::data", "Prefix": "backup/", "CompressionFormat": "GZIP"},
            "ProcessingConfiguration": {"Enabled": True, "Processors": [{"Type": "Lambda", "Parameters": [{"ParameterName": "LambdaArn", "ParameterValue": LAMBDA}]}]},
            "DataFormatConversionConfiguration": {"Enabled": True, "SchemaConfiguration": {"RoleARN": ROLE, "DatabaseName": "d", "TableName": "t"}, "InputFormatConfiguration": {"Deserializer": {"OpenXJsonSerDe": {}}}, "OutputFormatConfiguration": {"Serializer": {"ParquetSerDe": {"Compression": "SNAPPY"}}}},
            "EncryptionConfiguration": {"KMSEncryptionConfig": {"AWSKMSKeyARN": KEY}},
            "CloudWatchLoggingOptions": {"Enabled": True, "LogGroupName": "g", "LogStreamName": "s"},
            "DynamicPartitioningConfiguration": {"Enabled": False},
            "CompressionFormat": "UNCOMPRESSED",
            "FileExtension": ".json",
            "CustomTimeZone": "UTC",
        },
    },
    "jobs": {
        "JobMode": "SCRIPT", "JobRunQueuingEnabled": True, "Description": "d", "LogUri": "s3://data/logs/", "ExecutionProperty": {"MaxConcurrentRuns": 2},
        "NonOverridableArguments": {"--a": "b"}, "Connections": {"Connections": ["c"]}, "SecurityConfiguration": "s", "Tags": {"a": "b"},
        "NotificationProperty": {"NotifyDelayAfter": 5}, "ExecutionClass": "STANDARD", "MaintenanceWindow": "Sun:10",
    },
    "bucket_notifications": {},
    "crawlers": {
        "Description": "d", "Classifiers": ["k"], "TablePrefix": "p_", "Configuration": {"Version": 1.0, "CreatePartitionIndex": True}, "CrawlerSecurityConfiguration": "s",
        "SchemaChangePolicy": {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"}, "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"},
        "LineageConfiguration": {"CrawlerLineageSettings": "DISABLE"}, "LakeFormationConfiguration": {"UseLakeFormationCredentials": True, "AccountId": "123456789012"}, "Tags": {"a": "b"},
    },
    "rules": {"Description": "d", "ScheduleExpression": "rate(1 hour)", "RoleArn": ROLE, "Tags": [{"Key": "a", "Value": "b"}]},
    "rule_targets": {"Targets": [{"Id": "x", "Arn": QUEUE, "InputTransformer": {"InputPathsMap": {"a": "$.detail"}, "InputTemplate": "<a>"}, "RetryPolicy": {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 60}, "DeadLetterConfig": {"Arn": QUEUE}, "SqsParameters": {"MessageGroupId": "g"}}]},
    "workflows": {"Description": "d", "Tags": {"a": "b"}},
    "triggers": {
        "Description": "d", "Tags": {"a": "b"}, "EventBatchingCondition": {"BatchSize": 2, "BatchWindow": 60},
        "Predicate": {"Logical": "ANY", "Conditions": [{"LogicalOperator": "EQUALS", "JobName": "j", "State": "FAILED"}]},
    },
    "state_machines": {
        "type": "STANDARD", "loggingConfiguration": {"level": "ALL", "includeExecutionData": False, "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": LOGS}}]},
        "tags": [{"key": "a", "value": "b"}], "tracingConfiguration": {"enabled": True}, "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
    },
    "schedules": {
        "StartDate": datetime(2099, 1, 1, tzinfo=timezone.utc), "EndDate": date(2099, 6, 1), "Description": "d", "ScheduleExpressionTimezone": "Europe/Brussels",
        "State": "DISABLED", "KmsKeyArn": KEY, "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15}, "ActionAfterCompletion": "NONE",
    },
}  # fmt: skip
# moto does not store these members of a job: reading them is checked against AWS's model and a response only.
FORGOTTEN = ("JobMode", "JobRunQueuingEnabled", "MaintenanceWindow")
# Members of AWS that duplicate another one.
INSTEAD = {("jobs", "MaxCapacity"): "WorkerType", ("jobs", "CodeGenConfigurationNodes"): "Command"}
# Set by the stage.
ELSEWHERE = {("delivery_streams", "KinesisStreamSourceConfiguration")}  # test_a_source_is_read_back
OF_STAGES = {("schedules", "GroupName"), ("schedule_groups", "Tags")}


def deep(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    both = {
        key: deep(under[key], over[key])
        for key in over
        if isinstance(under.get(key), dict) and isinstance(over[key], dict)
    }
    return {**under, **over, **both}


def rewrite(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    document = yaml.safe_load((folder / "glue-local.yaml").read_text())
    change(document)
    (folder / "glue-local.yaml").write_text(yaml.safe_dump(document, sort_keys=False))


def with_given(folder: Path, kind: str, given: dict[str, Any]) -> None:
    rewrite(folder, lambda document: document[kind].__setitem__(0, deep(document[kind][0], given)))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "scripts"])
def test_every_promoted_member_has_an_example(kind: str, folder: Path) -> None:
    defined = {
        name
        for each in staged(folder / "glue-local.yaml", "prod").resources
        if each.kind == kind
        for name in each.request
    }
    promoted = set(KINDS[kind].promoted)
    assert promoted <= set(KINDS[kind].shape.members)
    without = {name for name in promoted if (kind, name) in INSTEAD or (kind, name) in OF_STAGES | ELSEWHERE}
    assert promoted - defined - set(GIVEN.get(kind, {})) == without - defined


@pytest.mark.parametrize("kind", GIVEN)
def test_promoted_members_are_read_back_unchanged(kind: str, folder: Path, there: Account) -> None:
    with_given(folder, kind, {name: value for name, value in GIVEN[kind].items() if name not in FORGOTTEN})
    promote(folder, there)
    plan, _ = planned(folder, there)
    assert plan.empty, [step.changes for step in plan.steps]
    assert drift(folder, there) == []
    [resource, *_] = [each for each in plan.resources if each.kind == kind]
    found = KINDS[kind].read(there, resource.request)
    assert found
    wanted = KINDS[kind].comparable(resource.request)
    reported = KINDS[kind].comparable(found.attributes)
    assert set(wanted) <= set(reported), "a member is not read back"
    for name, value in wanted.items():
        shape = KINDS[kind].shape.members[name]
        if isinstance(value, dict) and isinstance(shape, StructureShape):
            assert set(value) <= set(reported[name]), f"a member of {name} is not read back"


def test_job_members_that_moto_does_not_store_are_read() -> None:
    given = {name: GIVEN["jobs"][name] for name in FORGOTTEN}
    assert set(FORGOTTEN) <= set(KINDS["jobs"].promoted)

    class Glue:
        def get_job(self, JobName: str) -> dict[str, Any]:
            return {"Job": {"Name": JobName, "CreatedOn": 1, **given}}

    found = KINDS["jobs"].read(Account(lambda service: Glue(), "eu-west-1", "123456789012"), {"Name": "j"})
    assert found == Found(given)


def test_a_source_is_read_back(folder: Path, there: Account) -> None:
    def from_the_stream(document: dict[str, Any]) -> None:
        [stream] = document["delivery_streams"]
        source = {"KinesisStreamARN": "arn:aws:kinesis:eu-west-1:123456789012:stream/s", "RoleARN": ROLE}
        stream |= {"DeliveryStreamType": "KinesisStreamAsSource", "KinesisStreamSourceConfiguration": source}

    rewrite(folder, from_the_stream)
    promote(folder, there)
    assert planned(folder, there)[0].empty
    edit(folder, "stream/s", "stream/other")
    [refused] = planned(folder, there)[0].refused
    assert "AWS cannot change KinesisStreamSourceConfiguration.KinesisStreamARN in place" in refused


# Where AWS returns a request's members: service, shape, and members that differ only in form.
ANSWERS = {
    "roles": ("iam", "Role", {"PermissionsBoundary"}),
    "databases": ("glue", "Database", set()),
    "tables": ("glue", "Table", set()),
    "jobs": ("glue", "Job", set()),
    "bucket_notifications": ("s3", "NotificationConfiguration", set()),
    "crawlers": ("glue", "Crawler", {"Schedule"}),
    "workflows": ("glue", "Workflow", set()),
    "rules": ("events", "DescribeRuleResponse", set()),
    "rule_targets": ("events", "TargetList", set()),
    "delivery_streams": ("firehose", "ExtendedS3DestinationDescription", {"S3BackupConfiguration"}),
    "state_machines": ("stepfunctions", "DescribeStateMachineOutput", set()),
    "schedules": ("scheduler", "GetScheduleOutput", set()),
}
HELD = {
    "databases": "DatabaseInput",
    "tables": "TableInput",
    "delivery_streams": "ExtendedS3DestinationConfiguration",
    "bucket_notifications": "NotificationConfiguration",
    "rule_targets": "Targets",
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_aws_returns_every_nested_member_that_is_promoted(kind: str) -> None:
    service, name, otherwise = ANSWERS[kind]
    answered = botocore.session.get_session().get_service_model(service).shape_for(name)
    if kind in HELD:
        assert set(unanswered(KINDS[kind].shape.members[HELD[kind]], answered)) == otherwise
        return
    tags = {KINDS[kind].tagging.member} if KINDS[kind].tagging else set()  # type: ignore[union-attr]
    members = [each for each in KINDS[kind].promoted if each not in tags]
    assert set(members) <= set(answered.members)
    missing = {each for each in members for _ in unanswered(KINDS[kind].shape.members[each], answered.members[each])}
    assert missing == otherwise


def unanswered(given: Any, answered: Any, path: str = "", seen: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the paths of a request's shape that the response's shape does not have."""
    if given.name in seen:
        return
    if given.type_name != answered.type_name:
        yield path
    elif given.type_name == "structure":
        for name, member in given.members.items():
            where = f"{path}.{name}" if path else name
            if name in answered.members:
                yield from unanswered(member, answered.members[name], where, (*seen, given.name))
            else:
                yield where
    elif given.type_name == "list":
        yield from unanswered(given.member, answered.member, path, seen)
    elif given.type_name == "map":
        yield from unanswered(given.value, answered.value, path, seen)


def example(shape: Any) -> Any:
    """Return the smallest value that the definition check accepts."""
    if shape.type_name == "structure":
        return {name: example(shape.members[name]) for name in shape.required_members}
    return {"list": [], "map": {}, "boolean": True, "integer": 1, "timestamp": "2099-01-01"}.get(shape.type_name, "x")


REFUSED = [
    (kind, name)
    for kind in KINDS
    if kind not in ("scripts", "schedule_groups")
    for name in KINDS[kind].shape.members
    if name not in KINDS[kind].promoted
]


@pytest.mark.parametrize(("kind", "name"), REFUSED)
def test_unsupported_members_are_refused_with_name_and_line(kind: str, name: str, folder: Path) -> None:
    with_given(folder, kind, {name: example(KINDS[kind].shape.members[name])})
    [message] = unsupported_members(staged(folder / "glue-local.yaml", "prod"))
    assert re.match(rf"{re.escape(str(folder))}/glue-local.yaml:\d+: .*promotions do not support {name}, ", message)


def test_a_plan_refuses_unsupported_members(folder: Path, cli: Callable[..., Any], tested: Any) -> None:
    tested()
    edit(folder, "  - DatabaseName: d\n", "  - DatabaseName: d\n    PartitionIndexes: [{Keys: [p], IndexName: i}]\n")
    done = cli("plan", "prod")
    assert done.exit_code == 1
    assert "table d.t: promotions do not support PartitionIndexes" in done.output


def test_a_schedules_group_is_the_stages(folder: Path) -> None:
    edit(folder, "  - Name: nightly\n", "  - Name: nightly\n    GroupName: mine\n")
    with pytest.raises(DefinitionError, match="GroupName is not allowed, the stage's group is roads-prod: remove it"):
        staged(folder / "glue-local.yaml", "prod")


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("2099-01-01", "2099-01-01T00:00:00Z"),
        ("2099-01-01T02:00:00+02:00", "2099-01-01T00:00:00Z"),
        ("'2099-01-01T00:00:00Z'", "2099-01-01T00:00:00Z"),
        ("4070908800", "2099-01-01T00:00:00Z"),
    ],
)
def test_dates_are_normalised(message: str, text: str, folder: Path) -> None:
    edit(folder, "  - Name: nightly\n", f"  - Name: nightly\n    StartDate: {message}\n")
    [schedule] = [each for each in staged(folder / "glue-local.yaml", "prod").resources if each.kind == "schedules"]
    assert KINDS["schedules"].comparable(schedule.request)["StartDate"] == text


def test_an_invalid_date_is_refused_with_its_line(folder: Path) -> None:
    edit(folder, "  - Name: nightly\n", "  - Name: nightly\n    StartDate: soon\n")
    with pytest.raises(DefinitionError, match=r"glue-local.yaml:\d+: expected a time .*, not 'soon'"):
        staged(folder / "glue-local.yaml", "prod")


def test_a_script_accepts_only_source_and_destination(folder: Path) -> None:
    edit(folder, "{Source: a.py, ", "{Source: a.py, StorageClass: GLACIER, ")
    with pytest.raises(DefinitionError, match="unknown member StorageClass of a script: use Source and Destination"):
        staged(folder / "glue-local.yaml", "prod")


def test_defaults_of_firehose_for_lambda_processors_are_ignored() -> None:
    def processors(*parameters: tuple[str, str]) -> dict[str, Any]:
        reported = [{"ParameterName": name, "ParameterValue": value} for name, value in parameters]
        return {"Enabled": True, "Processors": [{"Type": "Lambda", "Parameters": reported}]}

    def compared(wanted: dict[str, Any], reported: dict[str, Any]) -> list[Any]:
        destination = "ExtendedS3DestinationConfiguration"
        request = {"DeliveryStreamName": "f", destination: {"RoleARN": ROLE, "ProcessingConfiguration": wanted}}
        found = Found({destination: {"RoleARN": ROLE, "ProcessingConfiguration": reported}})
        return differences(KINDS["delivery_streams"], request, found)

    function = ("LambdaArn", LAMBDA)
    added = (("NumberOfRetries", "3"), ("RoleArn", ROLE), ("BufferSizeInMBs", "1"), ("BufferIntervalInSeconds", "60"))
    assert compared(processors(function), processors(*added, function)) == []
    assert compared(processors(function), processors(function, ("NumberOfRetries", "5"))) != []
    assert compared(processors(("NumberOfRetries", "5"), function), processors(*added, function)) != []
