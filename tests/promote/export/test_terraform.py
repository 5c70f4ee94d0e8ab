"""The Terraform configuration: valid provider attributes, the promoted resources, references that resolve."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from glue_local.cli import app
from glue_local.promote.definition.document import DefinitionError
from glue_local.promote.definition.overlay import staged
from glue_local.promote.export.cloudformation import template
from glue_local.promote.export.terraform import configuration
from tests.promote.conftest import SCRIPT, edit
from tests.promote.test_members import GIVEN, with_given

ROOT = Path(__file__).parents[3]
PROVIDER = json.loads((ROOT / "glue_local" / "promote" / "export" / "terraform_aws.json").read_text())
META = ("lifecycle", "depends_on")
# Python types for each Terraform type; any value may be a template.
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "bool": (bool,),
    "list": (list,),
    "map": (dict,),
}
REFERENCE = re.compile(r"(?<!\$)\$\{([^}]*)\}")


def faults(document: Any) -> list[str]:
    """Return what the provider would refuse: unknown, missing or wrongly typed attributes, dangling references."""
    found = []
    made = {f"{kind}.{label}" for kind, labelled in document["resource"].items() for label in labelled}
    for kind, labelled in document["resource"].items():
        for label, body in labelled.items():
            own = {key: value for key, value in body.items() if key not in META}
            found += [f"{kind}.{label}: {fault}" for fault in _against(own, PROVIDER["resources"][kind])]
            found += [f"{kind}.{label}: {name} does not exist" for name in body.get("depends_on", ()) if name not in made]  # fmt: skip
            for name in _references(body):
                address, _, attribute = name.rpartition(".")
                if address not in made or attribute not in ("arn", "name"):
                    found.append(f"{kind}.{label}: {name} does not exist")
    return found


def _against(body: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    for name, value in body.items():
        if name not in schema:
            yield f"no {name}"
        elif "block" in schema[name]:
            for each in value if isinstance(value, list) else [value]:
                yield from (f"{name}: {fault}" for fault in _against(each, schema[name]["block"]))
        elif not isinstance(value, TYPES[schema[name]["type"]]) or (isinstance(value, bool) and schema[name]["type"] == "number"):  # fmt: skip
            yield f"{name} is {value!r}, not a {schema[name]['type']}"
    yield from (f"{name} is missing" for name, each in schema.items() if each.get("required") and name not in body)


def _references(value: Any) -> Iterator[str]:
    yield from REFERENCE.findall(json.dumps(value))


def of(folder: Path) -> Any:
    return configuration(staged(folder / "glue-local.yaml", "prod"))


def test_every_promoted_member_is_an_attribute_or_refused(folder: Path) -> None:
    for kind, given in GIVEN.items():
        with_given(folder, kind, {name: value for name, value in given.items() if (kind, name) != ("jobs", "LogUri")})
    document = json.loads(json.dumps(of(folder)))
    assert faults(document) == []
    assert document["resource"]["aws_scheduler_schedule"]["nightly"]["start_date"] == "2099-01-01T00:00:00Z"
    for kind in ("aws_glue_job", "aws_sfn_state_machine", "aws_iam_role", "aws_kinesis_stream"):
        [body] = document["resource"][kind].values()
        assert body["tags"]["a"] == "b", kind
    with_given(folder, "jobs", {"LogUri": "s3://data/logs/"})
    with pytest.raises(DefinitionError, match=r"glue-local.yaml:\d+: jobs j: .* has no log_uri"):
        of(folder)


@pytest.mark.parametrize("own", [False, True], ids=["one-of-each", "the-example"])
def test_the_configuration_matches_the_providers_schema(own: bool, folder: Path, tmp_path: Path) -> None:
    file = (ROOT if own else folder) / "glue-local.yaml"
    done = CliRunner().invoke(app, ["export", "terraform", "prod", "--file", str(file), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert faults(json.loads((tmp_path / "out" / "main.tf.json").read_text())) == []


def test_the_check_detects_invalid_attributes(folder: Path) -> None:
    document = of(folder)
    resources = document["resource"]
    resources["aws_glue_job"]["j"]["nme"] = "x"
    resources["aws_glue_job"]["j"]["command"]["pythn"] = "3"
    resources["aws_glue_job"]["j"]["timeout"] = True
    del resources["aws_sfn_state_machine"]["m"]["role_arn"]
    resources["aws_kinesis_stream"]["s"]["name"] = "${aws_kinesis_stream.t.name}"
    assert sorted(faults(document)) == [
        "aws_glue_job.j: command: no pythn",
        "aws_glue_job.j: no nme",
        "aws_glue_job.j: timeout is True, not a number",
        "aws_kinesis_stream.s: aws_kinesis_stream.t.name does not exist",
        "aws_sfn_state_machine.m: role_arn is missing",
    ]


@pytest.mark.parametrize("own", [False, True], ids=["one-of-each", "the-example"])
def test_the_configuration_has_the_same_resources_as_the_cloudformation_template(own: bool, folder: Path) -> None:
    wanted = staged((ROOT if own else folder) / "glue-local.yaml", "prod")
    types = [each["Type"] for each in template(wanted)["Resources"].values()]
    kinds = {
        "AWS::S3::Bucket": "aws_s3_bucket",
        "AWS::IAM::Role": "aws_iam_role",
        "AWS::IAM::RolePolicy": "aws_iam_role_policy",
        "AWS::Kinesis::Stream": "aws_kinesis_stream",
        "AWS::Glue::Database": "aws_glue_catalog_database",
        "AWS::Glue::Table": "aws_glue_catalog_table",
        "AWS::KinesisFirehose::DeliveryStream": "aws_kinesis_firehose_delivery_stream",
        "AWS::Glue::Job": "aws_glue_job",
        "AWS::Glue::Crawler": "aws_glue_crawler",
        "AWS::Events::Rule": "aws_cloudwatch_event_rule",
        "AWS::Glue::Workflow": "aws_glue_workflow",
        "AWS::Glue::Trigger": "aws_glue_trigger",
        "AWS::StepFunctions::StateMachine": "aws_sfn_state_machine",
        "AWS::Scheduler::ScheduleGroup": "aws_scheduler_schedule_group",
        "AWS::Scheduler::Schedule": "aws_scheduler_schedule",
    }
    made = {kind: len(labelled) for kind, labelled in configuration(wanted)["resource"].items()}
    # They are properties in CloudFormation.
    assert (made.pop("aws_cloudwatch_event_target"), made.pop("aws_s3_bucket_notification")) == (1, 1)
    assert made == {kinds[each]: types.count(each) for each in types}


def test_names_and_arns_become_references(folder: Path) -> None:
    made = of(folder)["resource"]
    assert made["aws_glue_job"]["j"]["role_arn"] == "${aws_iam_role.r.arn}"
    machine = made["aws_sfn_state_machine"]["m"]
    assert machine["role_arn"] == "${aws_iam_role.r.arn}"
    parameters = json.loads(machine["definition"])["States"]["Run"]["Parameters"]
    assert parameters == {"JobName": "${aws_glue_job.j.name}", "Arguments": {"--in": "s3://acme-data/in/"}}
    schedule = made["aws_scheduler_schedule"]["nightly"]
    assert schedule["target"]["arn"] == "${aws_sfn_state_machine.m.arn}"
    assert schedule["group_name"] == "${aws_scheduler_schedule_group.roads-prod.name}"
    assert made["aws_glue_catalog_table"]["d_t"]["database_name"] == "${aws_glue_catalog_database.d.name}"
    assert made["aws_iam_role_policy"]["r_p"]["role"] == "${aws_iam_role.r.name}"
    assert '"Resource": "${aws_s3_bucket.acme-data.arn}/*"' in made["aws_iam_role_policy"]["r_p"]["policy"]
    assert machine["depends_on"] == ["aws_iam_role_policy.r_p"]
    trigger = made["aws_glue_trigger"]["start"]
    assert trigger["workflow_name"] == "${aws_glue_workflow.w.name}"
    assert trigger["actions"] == [
        {"job_name": "${aws_glue_job.j.name}", "arguments": {"--from": "s3://acme-data/from/"}}
    ]
    assert (trigger["enabled"], trigger["start_on_creation"]) == (True, True)


def test_rules_notifications_and_crawlers_refer_to_their_resources(folder: Path) -> None:
    made = of(folder)["resource"]
    target = made["aws_cloudwatch_event_target"]["arrived_machine"]
    assert (target["rule"], target["target_id"]) == ("${aws_cloudwatch_event_rule.arrived.name}", "machine")
    assert target["arn"] == "${aws_sfn_state_machine.m.arn}"
    pattern = json.loads(made["aws_cloudwatch_event_rule"]["arrived"]["event_pattern"])
    assert pattern["detail"]["bucket"] == {"name": ["acme-data"]}
    [notification] = made["aws_s3_bucket_notification"].values()
    assert notification == {"bucket": "acme-data", "eventbridge": True, "depends_on": ["aws_s3_bucket.acme-data"]}
    crawler = made["aws_glue_crawler"]["c"]
    assert (crawler["role"], crawler["database_name"]) == (
        "${aws_iam_role.r.arn}",
        "${aws_glue_catalog_database.d.name}",
    )
    assert crawler["s3_target"] == [{"path": "s3://acme-data/landing/", "exclusions": ["**.tmp"]}]
    assert made["aws_glue_trigger"]["crawled"]["actions"] == [{"crawler_name": "${aws_glue_crawler.c.name}"}]


def test_a_trigger_on_demand_is_not_fired_by_its_creation(folder: Path) -> None:
    """The provider starts a trigger that is not ``enabled = false``: hashicorp/terraform-provider-aws issue 38222."""
    edit(folder, 'SCHEDULED, Schedule: "cron(30 5 * * ? *)", WorkflowName: w, StartOnCreation: true', "ON_DEMAND")
    trigger = of(folder)["resource"]["aws_glue_trigger"]["start"]
    assert (trigger["type"], trigger["enabled"], "workflow_name" in trigger) == ("ON_DEMAND", False, False)


def test_data_is_kept_and_only_the_stages_account_is_allowed(folder: Path) -> None:
    document = of(folder)
    for kind in ("aws_s3_bucket", "aws_kinesis_stream"):
        assert all(each["lifecycle"] == {"prevent_destroy": True} for each in document["resource"][kind].values())
    assert document["provider"]["aws"] == {"region": "eu-west-1", "allowed_account_ids": ["123456789012"]}


def test_template_syntax_in_values_is_escaped(folder: Path) -> None:
    edit(folder, '"--in": "s3://data/in/"', '"--in": "$${x} %{y} !{z}"', "m.asl.json")
    assert '"--in": "$${x} %%{y} !{z}"' in of(folder)["resource"]["aws_sfn_state_machine"]["m"]["definition"]


def test_an_existing_role_is_referred_to_by_its_arn(folder: Path) -> None:
    edit(folder, "    schedules: off", '    schedules: off\n    roles: {r: "arn:aws:iam::123456789012:role/given"}')
    made = of(folder)["resource"]
    assert made["aws_glue_job"]["j"]["role_arn"] == "arn:aws:iam::123456789012:role/given"
    assert "aws_iam_role" not in made


def test_members_with_other_names_in_the_provider(folder: Path) -> None:
    edit(
        folder,
        "      BufferingHints:",
        "      CloudWatchLoggingOptions: {Enabled: true, LogGroupName: g, LogStreamName: s}\n"
        "      EncryptionConfiguration: {KMSEncryptionConfig: {AWSKMSKeyARN: 'arn:aws:kms:eu-west-1:123456789012:key/k'}}\n"
        "      DynamicPartitioningConfiguration: {Enabled: true, RetryOptions: {DurationInSeconds: 300}}\n"
        "      S3BackupMode: Enabled\n"
        "      S3BackupConfiguration: {RoleARN: 'arn:aws:iam::123456789012:role/r', BucketARN: 'arn:aws:s3:::data', BufferingHints: {SizeInMBs: 5, IntervalInSeconds: 90}}\n"
        "      DataFormatConversionConfiguration:\n"
        "        Enabled: true\n"
        "        InputFormatConfiguration: {Deserializer: {OpenXJsonSerDe: {CaseInsensitive: true}}}\n"
        "        OutputFormatConfiguration: {Serializer: {ParquetSerDe: {Compression: SNAPPY}}}\n"
        "        SchemaConfiguration: {RoleARN: 'arn:aws:iam::123456789012:role/r', DatabaseName: d, TableName: t}\n"
        "      BufferingHints:",
    )
    edit(folder, "    MaxRetries: 0\n", "    MaxRetries: 0\n    Connections: {Connections: [c]}\n")
    edit(
        folder,
        "definition: m.asl.json}",
        "definition: m.asl.json, loggingConfiguration: {level: ERROR, includeExecutionData: true, destinations:"
        " [{cloudWatchLogsLogGroup: {logGroupArn: 'arn:aws:logs:eu-west-1:123456789012:log-group:m:*'}}]}}",
    )
    document = of(folder)
    assert faults(document) == []
    made = document["resource"]
    destination = made["aws_kinesis_firehose_delivery_stream"]["f"]["extended_s3_configuration"]
    assert (destination["buffering_size"], destination["buffering_interval"]) == (1, 60)
    assert destination["kms_key_arn"] == "arn:aws:kms:eu-west-1:123456789012:key/k"
    assert destination["dynamic_partitioning_configuration"] == {"enabled": True, "retry_duration": 300}
    assert destination["s3_backup_configuration"]["buffering_interval"] == 90
    conversion = destination["data_format_conversion_configuration"]
    assert conversion["input_format_configuration"] == {"deserializer": {"open_x_json_ser_de": {"case_insensitive": True}}}  # fmt: skip
    assert made["aws_glue_job"]["j"]["connections"] == ["c"]
    logging = made["aws_sfn_state_machine"]["m"]["logging_configuration"]
    assert logging == {
        "level": "ERROR",
        "include_execution_data": True,
        "log_destination": "arn:aws:logs:eu-west-1:123456789012:log-group:m:*",
    }


def test_a_member_without_attribute_is_refused(folder: Path) -> None:
    edit(folder, "    MaxRetries: 0\n", "    MaxRetries: 0\n    LogUri: s3://data/logs/\n")
    with pytest.raises(DefinitionError, match=r"glue-local.yaml:\d+: jobs j: aws_glue_job of .* has no log_uri"):
        of(folder)


def test_two_resources_with_the_same_label_are_refused(folder: Path) -> None:
    edit(folder, "    ShardCount: ${shards}", "    ShardCount: ${shards}\n  - {StreamName: a.b, ShardCount: 1}\n  - {StreamName: a_b, ShardCount: 1}")  # fmt: skip
    with pytest.raises(DefinitionError, match="streams/a_b and streams/a.b have the same label"):
        of(folder)


def test_scripts_are_written_where_the_configuration_expects_them(folder: Path, tmp_path: Path) -> None:
    CliRunner().invoke(app, ["export", "terraform", "prod", "--file", str(folder / "glue-local.yaml"), "--out", str(tmp_path / "out")])  # fmt: skip
    location = of(folder)["resource"]["aws_glue_job"]["j"]["command"]["script_location"]
    assert (tmp_path / "out" / location.removeprefix("s3://")).read_text() == SCRIPT
