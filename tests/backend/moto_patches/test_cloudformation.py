"""Stacks, deployed by stack operations and by change sets: create, update, roll back, delete, and refuse by name."""

import json
from collections.abc import Callable
from typing import Any
from zlib import crc32

import pytest
from botocore.exceptions import ClientError

Aws = Callable[..., Any]
ROLE = "arn:aws:iam::000000000000:role/r"
COMMAND = {"Name": "glueetl", "ScriptLocation": {"Fn::Sub": "s3://${Bucket}/scripts/a.py"}}
S3 = {"BucketARN": {"Fn::GetAtt": ["Bucket", "Arn"]}, "RoleARN": {"Fn::GetAtt": ["Role", "Arn"]}}
COLUMNS = [{"Name": "speed", "Type": "int"}]
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def template() -> dict[str, Any]:
    """A typical pipeline: each kind of resource, with references in every form."""
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::glue:startJobRun.sync",
        "Parameters": {"JobName": "${Job}"},
        "End": True,
    }
    definition = json.dumps({"StartAt": "Run", "States": {"Run": task}})
    table = {
        "Name": "Speeds",
        "PartitionKeys": [{"Name": "Day", "Type": "string"}],
        "StorageDescriptor": {"Columns": COLUMNS},
    }
    place = {"DatabaseName": {"Ref": "Database"}, "CatalogId": {"Ref": "AWS::AccountId"}}
    return {
        "Parameters": {"Workers": {"Type": "String", "Default": "2"}},
        "Resources": {
            "Machine": resource(
                "StepFunctions::StateMachine",
                DefinitionString={"Fn::Sub": definition},
                RoleArn={"Fn::GetAtt": ["Role", "Arn"]},
                Tags=[{"Key": "team", "Value": "roads"}],
            ),
            "Delivery": resource(
                "KinesisFirehose::DeliveryStream",
                DeliveryStreamType="KinesisStreamAsSource",
                KinesisStreamSourceConfiguration={
                    "KinesisStreamARN": {"Fn::GetAtt": ["Stream", "Arn"]},
                    "RoleARN": {"Fn::GetAtt": "Role.Arn"},
                },
                ExtendedS3DestinationConfiguration=S3,
            ),
            "Partition": resource(
                "Glue::Partition", **place, TableName={"Ref": "Table"}, PartitionInput={"Values": ["1"]}
            ),
            "Table": resource("Glue::Table", **place, TableInput=table),
            "Database": resource(
                "Glue::Database", CatalogId={"Ref": "AWS::AccountId"}, DatabaseInput={"Name": "Roads"}
            ),
            "Connection": resource(
                "Glue::Connection",
                CatalogId={"Ref": "AWS::AccountId"},
                ConnectionInput={"Name": "jdbc", "ConnectionType": "JDBC", "ConnectionProperties": {"USERNAME": "u"}},
            ),
            "Job": resource(
                "Glue::Job",
                Command=COMMAND,
                Role={"Ref": "Role"},
                GlueVersion="5.0",
                WorkerType="G.1X",
                NumberOfWorkers={"Ref": "Workers"},
                Tags={"team": "roads"},
            ),
            "Workflow": resource("Glue::Workflow", DefaultRunProperties={"day": "monday"}, MaxConcurrentRuns="2"),
            "Trigger": resource(
                "Glue::Trigger",
                Name="nightly",
                Type="SCHEDULED",
                Schedule="cron(0 2 * * ? *)",
                WorkflowName={"Ref": "Workflow"},
                StartOnCreation="true",
                Actions=[{"JobName": {"Ref": "Job"}, "Timeout": "5"}],
                Tags={"team": "roads"},
            ),
            "Crawler": resource(
                "Glue::Crawler",
                Role={"Ref": "Role"},
                DatabaseName={"Ref": "Database"},
                TablePrefix="p_",
                Schedule={"ScheduleExpression": "cron(0 4 * * ? *)"},
                Targets={"S3Targets": [{"Path": {"Fn::Sub": "s3://${Bucket}/raw/"}, "SampleSize": "3"}]},
                Tags={"team": "roads"},
            ),
            "Rule": resource(
                "Events::Rule",
                Name="arrived",
                EventPattern={"source": ["aws.s3"]},
                Targets=[{"Id": "m", "Arn": {"Ref": "Machine"}, "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}],
                Tags=[{"Key": "team", "Value": "roads"}],
            ),
            "Group": resource("Scheduler::ScheduleGroup", Name="ours", Tags=[{"Key": "team", "Value": "roads"}]),
            "Schedule": resource(
                "Scheduler::Schedule",
                Name="hourly",
                GroupName={"Ref": "Group"},
                ScheduleExpression="rate(1 hour)",
                State="DISABLED",
                FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": "5"},
                Target={"Arn": {"Ref": "Machine"}, "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}},
            ),
            "Stream": resource("Kinesis::Stream", ShardCount=1),
            "Role": resource("IAM::Role", AssumeRolePolicyDocument=TRUST),
            "Bucket": resource(
                "S3::Bucket",
                NotificationConfiguration={"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
            ),
        },
        "Outputs": {"Job": {"Value": {"Ref": "Job"}}, "Machine": {"Value": {"Fn::GetAtt": ["Machine", "Arn"]}}},
    }


class Deployed:
    """A stack in an unused account, deployed by stack operations or by change sets."""

    def __init__(self, aws: Aws, name: str, by_change_set: bool) -> None:
        self.client = lambda service: aws(service, f"{crc32(name.encode()):012d}")
        self.cloudformation = self.client("cloudformation")
        self._by_change_set = by_change_set
        self._deployed = 0

    def deploy(self, body: dict[str, Any], **more: Any) -> str:
        given = {"StackName": "s", "TemplateBody": json.dumps(body), **more}
        first, self._deployed = not self._deployed, self._deployed + 1
        if not self._by_change_set:
            (self.cloudformation.create_stack if first else self.cloudformation.update_stack)(**given)
        else:
            kind = {"ChangeSetName": f"c{self._deployed}", "ChangeSetType": "CREATE" if first else "UPDATE"}
            change_set = self.cloudformation.create_change_set(**given, **kind)["Id"]
            self.cloudformation.execute_change_set(ChangeSetName=change_set)
        return str(self.stack()["StackStatus"])

    def stack(self) -> Any:
        return self.cloudformation.describe_stacks(StackName="s")["Stacks"][0]

    def outputs(self) -> dict[str, str]:
        return {each["OutputKey"]: each["OutputValue"] for each in self.stack()["Outputs"]}

    def reasons(self) -> list[str]:
        events = self.cloudformation.describe_stack_events(StackName="s")["StackEvents"]
        return [
            f"{e['LogicalResourceId']} {e['ResourceStatusReason']}"
            for e in events
            if e["ResourceStatus"].endswith("_FAILED")
        ]

    def tables(self) -> list[str]:
        return [table["Name"] for table in self.client("glue").get_tables(DatabaseName="roads")["TableList"]]


@pytest.fixture(params=["stack operations", "change sets"])
def stack(aws: Aws, request: pytest.FixtureRequest) -> Deployed:
    return Deployed(aws, request.node.name, request.param == "change sets")


def test_a_pipeline_is_created_updated_and_deleted(stack: Deployed) -> None:
    body = template()
    assert (stack.deploy(body), stack.reasons()) == ("CREATE_COMPLETE", [])
    glue, job = stack.client("glue"), stack.outputs()["Job"]
    bucket = stack.client("s3").list_buckets()["Buckets"][0]["Name"]
    found = glue.get_job(JobName=job)["Job"]
    assert (found["NumberOfWorkers"], found["Command"]["ScriptLocation"]) == (2, f"s3://{bucket}/scripts/a.py")
    assert stack.tables() == ["speeds"]
    assert [p["Values"] for p in glue.get_partitions(DatabaseName="roads", TableName="speeds")["Partitions"]] == [["1"]]
    assert glue.get_connection(Name="jdbc")["Connection"]["ConnectionProperties"] == {"USERNAME": "u"}
    [workflow] = glue.list_workflows()["Workflows"]
    trigger = glue.get_trigger(Name="nightly")["Trigger"]
    assert (trigger["WorkflowName"], trigger["State"]) == (workflow, "ACTIVATED")
    assert trigger["Actions"] == [{"JobName": job, "Timeout": 5}]
    machine = stack.client("stepfunctions").describe_state_machine(stateMachineArn=stack.outputs()["Machine"])
    assert json.loads(machine["definition"])["States"]["Run"]["Parameters"]["JobName"] == job
    [delivery] = stack.client("firehose").list_delivery_streams()["DeliveryStreamNames"]

    del body["Resources"]["Connection"]
    table = body["Resources"]["Table"]["Properties"]["TableInput"]
    table["StorageDescriptor"] = {"Columns": [*COLUMNS, {"Name": "lane", "Type": "string"}]}
    body["Resources"]["Delivery"]["Properties"]["ExtendedS3DestinationConfiguration"] = {
        **S3,
        "CompressionFormat": "GZIP",
    }
    body["Resources"]["Another"] = resource("Glue::Database", DatabaseInput={"Name": "another"})
    body["Resources"]["Trigger"]["Properties"] |= {"Schedule": "cron(0 3 * * ? *)", "Tags": {"team": "rail"}}
    body["Resources"]["Workflow"]["Properties"]["MaxConcurrentRuns"] = 1
    parameters = [{"ParameterKey": "Workers", "ParameterValue": "5"}]
    assert (stack.deploy(body, Parameters=parameters), stack.reasons()) == ("UPDATE_COMPLETE", [])
    assert glue.get_job(JobName=job)["Job"]["NumberOfWorkers"] == 5
    trigger = glue.get_trigger(Name="nightly")["Trigger"]
    assert (trigger["Schedule"], trigger["State"]) == ("cron(0 3 * * ? *)", "ACTIVATED")
    assert glue.list_triggers(Tags={"team": "rail"})["TriggerNames"] == ["nightly"]
    assert glue.get_workflow(Name=workflow)["Workflow"]["MaxConcurrentRuns"] == 1
    columns = glue.get_table(DatabaseName="roads", Name="speeds")["Table"]["StorageDescriptor"]["Columns"]
    assert [column["Name"] for column in columns] == ["speed", "lane"]
    described = stack.client("firehose").describe_delivery_stream(DeliveryStreamName=delivery)[
        "DeliveryStreamDescription"
    ]
    assert described["Destinations"][0]["ExtendedS3DestinationDescription"]["CompressionFormat"] == "GZIP"
    assert glue.get_connections()["ConnectionList"] == []
    assert [each["Name"] for each in glue.get_databases()["DatabaseList"]] == ["another", "roads"]

    stack.cloudformation.delete_stack(StackName="s")
    assert glue.get_databases()["DatabaseList"] == glue.get_jobs()["Jobs"] == []
    assert glue.get_triggers()["Triggers"] == glue.list_workflows()["Workflows"] == []
    assert stack.client("firehose").list_delivery_streams()["DeliveryStreamNames"] == []
    assert stack.client("stepfunctions").list_state_machines()["stateMachines"] == []
    assert stack.client("s3").list_buckets()["Buckets"] == stack.client("iam").list_roles()["Roles"] == []


def test_crawlers_rules_and_schedules_are_created_updated_and_deleted(stack: Deployed) -> None:
    body = template()
    assert (stack.deploy(body), stack.reasons()) == ("CREATE_COMPLETE", [])
    glue, events, scheduler = (stack.client(service) for service in ("glue", "events", "scheduler"))
    bucket = stack.client("s3").list_buckets()["Buckets"][0]["Name"]
    [crawler] = glue.get_crawlers()["Crawlers"]
    assert crawler["Targets"]["S3Targets"] == [{"Path": f"s3://{bucket}/raw/", "SampleSize": 3}]
    assert (crawler["TablePrefix"], crawler["Schedule"]["ScheduleExpression"]) == ("p_", "cron(0 4 * * ? *)")
    assert glue.list_crawlers(Tags={"team": "roads"})["CrawlerNames"] == [crawler["Name"]]
    rule = events.describe_rule(Name="arrived")
    assert (json.loads(rule["EventPattern"]), rule["State"]) == ({"source": ["aws.s3"]}, "ENABLED")
    machine = stack.outputs()["Machine"]
    assert [target["Arn"] for target in events.list_targets_by_rule(Rule="arrived")["Targets"]] == [machine]
    schedule = scheduler.get_schedule(Name="hourly", GroupName="ours")
    assert (schedule["State"], schedule["FlexibleTimeWindow"]["MaximumWindowInMinutes"]) == ("DISABLED", 5)
    assert schedule["Target"]["Arn"] == machine
    notified = stack.client("s3").get_bucket_notification_configuration(Bucket=bucket)
    assert notified["EventBridgeConfiguration"] == {}

    made = body["Resources"]
    del made["Crawler"]["Properties"]["TablePrefix"], made["Crawler"]["Properties"]["Schedule"]
    made["Crawler"]["Properties"]["Description"] = "d"
    made["Rule"]["Properties"] |= {"State": "DISABLED", "Tags": [{"Key": "team", "Value": "rail"}]}
    made["Rule"]["Properties"]["Targets"][0]["Id"] = "other"
    made["Schedule"]["Properties"]["ScheduleExpression"] = "rate(2 hours)"
    made["Group"]["Properties"]["Tags"] = []
    assert (stack.deploy(body), stack.reasons()) == ("UPDATE_COMPLETE", [])
    [crawler] = glue.get_crawlers()["Crawlers"]
    assert (crawler["Description"], crawler.get("TablePrefix"), "Schedule" in crawler) == ("d", "", False)
    rule = events.describe_rule(Name="arrived")
    assert rule["State"] == "DISABLED"
    assert events.list_tags_for_resource(ResourceARN=rule["Arn"])["Tags"] == [{"Key": "team", "Value": "rail"}]
    assert [target["Id"] for target in events.list_targets_by_rule(Rule="arrived")["Targets"]] == ["other"]
    schedule = scheduler.get_schedule(Name="hourly", GroupName="ours")
    assert (schedule["ScheduleExpression"], schedule["State"]) == ("rate(2 hours)", "DISABLED")
    group = scheduler.get_schedule_group(Name="ours")["Arn"]
    assert scheduler.list_tags_for_resource(ResourceArn=group)["Tags"] == []

    stack.cloudformation.delete_stack(StackName="s")
    assert glue.get_crawlers()["Crawlers"] == events.list_rules()["Rules"] == []
    assert scheduler.list_schedules()["Schedules"] == []
    assert [group["Name"] for group in scheduler.list_schedule_groups()["ScheduleGroups"]] == ["default"]


def test_a_stack_with_a_target_that_is_not_emulated_fails(stack: Deployed) -> None:
    target = {"Id": "1", "Arn": "arn:aws:batch:us-east-1:000000000000:job-queue/q"}
    rule = resource("Events::Rule", Name="r", EventPattern={"source": ["app"]}, Targets=[target])
    assert stack.deploy({"Resources": {"Rule": rule}}) == "ROLLBACK_COMPLETE"
    [reason] = stack.reasons()
    assert "batch" in reason
    assert stack.client("events").list_rules()["Rules"] == []


@pytest.mark.parametrize("given", [{}, {"Targets": "x", "Schedule": "cron(0 1 * * ? *)"}])
def test_a_crawler_without_valid_targets_fails_with_the_name_of_the_member(
    stack: Deployed, given: dict[str, str]
) -> None:
    crawler = resource("Glue::Crawler", Role="r", DatabaseName="d", **given)
    assert stack.deploy({"Resources": {"Crawler": crawler}}) == "ROLLBACK_COMPLETE"
    [reason] = stack.reasons()
    assert "parameter" in reason
    assert "Targets" in reason


def test_a_failed_stack_leaves_nothing_behind(stack: Deployed) -> None:
    body = template()
    body["Resources"]["Machine"]["Properties"]["DefinitionString"] = json.dumps({"StartAt": "No", "States": {}})
    assert stack.deploy(body) == "ROLLBACK_COMPLETE"
    [reason] = stack.reasons()
    assert reason.startswith("Machine ")
    assert "Invalid State Machine Definition" in reason
    glue = stack.client("glue")
    assert (
        glue.get_databases()["DatabaseList"]
        == glue.get_jobs()["Jobs"]
        == glue.get_connections()["ConnectionList"]
        == []
    )
    assert stack.client("s3").list_buckets()["Buckets"] == []


def test_a_failed_update_is_rolled_back(stack: Deployed) -> None:
    body = template()
    assert stack.deploy(body) == "CREATE_COMPLETE"
    job = stack.outputs()["Job"]
    body["Resources"]["Job"]["Properties"]["NumberOfWorkers"] = 7
    body["Resources"]["Another"] = resource("Glue::Database", DatabaseInput={"Name": "another"})
    body["Resources"]["Failing"] = {
        **resource("Glue::Table", DatabaseName="none", TableInput={"Name": "t"}),
        "DependsOn": ["Job", "Another"],
    }
    del body["Resources"]["Connection"]
    assert stack.deploy(body) == "UPDATE_ROLLBACK_COMPLETE"
    [reason] = stack.reasons()
    assert (reason.startswith("Failing "), "Database none not found" in reason) == (True, True)
    glue = stack.client("glue")
    assert [each["Name"] for each in glue.get_databases()["DatabaseList"]] == ["roads"]
    assert glue.get_job(JobName=job)["Job"]["NumberOfWorkers"] == 2
    assert glue.get_connection(Name="jdbc")["Connection"]["Name"] == "jdbc"
    del body["Resources"]["Failing"]
    assert (stack.deploy(body), glue.get_job(JobName=job)["Job"]["NumberOfWorkers"]) == ("UPDATE_COMPLETE", 7)


def test_a_renamed_resource_is_replaced_and_references_are_updated(stack: Deployed) -> None:
    body = template()
    del body["Resources"]["Partition"]
    stack.deploy(body)
    body["Resources"]["Database"]["Properties"]["DatabaseInput"]["Name"] = "streets"
    assert (stack.deploy(body), stack.reasons()) == ("UPDATE_COMPLETE", [])
    glue = stack.client("glue")
    assert [each["Name"] for each in glue.get_databases()["DatabaseList"]] == ["streets"]
    assert [each["Name"] for each in glue.get_tables(DatabaseName="streets")["TableList"]] == ["speeds"]


@pytest.mark.parametrize(
    "type_name", ["AWS::Glue::DevEndpoint", "AWS::Athena::WorkGroup", "AWS::EMR::Cluster", "AWS::No::Such"]
)
def test_an_unsupported_type_is_refused_by_name(stack: Deployed, type_name: str) -> None:
    body = {"Resources": {"Bucket": resource("S3::Bucket"), "Other": {"Type": type_name, "Properties": {}}}}
    with pytest.raises(ClientError) as refusal:
        stack.deploy(body)
    error = refusal.value.response["Error"]
    assert (error["Code"], type_name in error["Message"]) == ("ValidationError", True)
    assert stack.client("s3").list_buckets()["Buckets"] == []
    assert stack.cloudformation.describe_stacks()["Stacks"] == []
    kept = Deployed.deploy(_again(stack), {"Resources": {"Bucket": resource("S3::Bucket")}})
    assert kept == "CREATE_COMPLETE"
    with pytest.raises(ClientError, match=type_name):
        stack.deploy(body)
    assert len(stack.client("s3").list_buckets()["Buckets"]) == 1


def _again(stack: Deployed) -> Deployed:
    stack._deployed = 0
    return stack


def test_circular_references_are_refused(stack: Deployed) -> None:
    databases = {
        name: resource("Glue::Database", DatabaseInput={"Name": name.lower(), "Description": {"Ref": other}})
        for name, other in (("One", "Two"), ("Two", "One"))
    }
    with pytest.raises(ClientError, match="Circular dependency between resources"):
        stack.deploy({"Resources": databases})


def test_serverless_resources_are_expanded(stack: Deployed) -> None:
    machine = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    body = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Machine": {
                "Type": "AWS::Serverless::StateMachine",
                "Properties": {"Name": "sam-machine", "Definition": machine, "Role": ROLE},
            },
            "Database": resource("Glue::Database", DatabaseInput={"Name": "sam"}),
        },
    }
    assert (stack.deploy(body), stack.reasons()) == ("CREATE_COMPLETE", [])
    [found] = stack.client("stepfunctions").list_state_machines()["stateMachines"]
    assert found["name"] == "sam-machine"


def test_a_systems_manager_parameter_keeps_its_name_across_change_sets(aws: Aws) -> None:
    stack = Deployed(aws, "reference", by_change_set=True)
    stack.client("ssm").put_parameter(Name="/roads/name", Value="roads", Type="String")
    body = {
        "Parameters": {"Name": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/roads/name"}},
        "Resources": {"Database": resource("Glue::Database", DatabaseInput={"Name": {"Ref": "Name"}})},
    }
    assert stack.deploy(body) == "CREATE_COMPLETE"
    body["Resources"]["Other"] = resource("Glue::Database", DatabaseInput={"Name": "other"})
    previous = [{"ParameterKey": "Name", "UsePreviousValue": True}]
    assert stack.deploy(body, Parameters=previous) == "UPDATE_COMPLETE"
    assert [each["Name"] for each in stack.client("glue").get_databases()["DatabaseList"]] == ["other", "roads"]


def test_a_deleted_change_set_has_awss_error_code(aws: Aws) -> None:
    cloudformation = aws("cloudformation")
    with pytest.raises(ClientError) as refusal:
        cloudformation.describe_change_set(ChangeSetName="gone", StackName="none")
    assert refusal.value.response["Error"]["Code"] == "ChangeSetNotFound"


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ({}, "Either Template URL or Template Body must be specified."),
        ({"TemplateBody": "text"}, "unsupported structure"),
        ({"TemplateBody": "{"}, "YAML not well-formed"),
        ({"TemplateBody": "a\0"}, "YAML not well-formed"),
        ({"TemplateBody": "{}"}, "At least one Resources member"),
        ({"TemplateBody": json.dumps({"Resources": []})}, "Resources must be an object"),
        ({"TemplateBody": json.dumps({"Resources": {"A": {}}})}, "/Resources/A"),
    ],
)
def test_what_is_not_a_template_is_refused(aws: Aws, template: dict[str, str], problem: str) -> None:
    cloudformation = aws("cloudformation")
    with pytest.raises(ClientError, match=problem) as refused:
        cloudformation.create_stack(StackName="refused", **template)
    assert refused.value.response["Error"]["Code"] == "ValidationError"
    with pytest.raises(ClientError, match="Template"):
        cloudformation.create_change_set(StackName="refused", ChangeSetName="c", ChangeSetType="CREATE", **template)
    with pytest.raises(ClientError, match=problem):
        cloudformation.get_template_summary(**template)
    with pytest.raises(ClientError, match="does not exist"):
        cloudformation.describe_stacks(StackName="refused")


def test_a_missing_change_set_is_deleted_already(aws: Aws) -> None:
    aws("cloudformation").delete_change_set(StackName="s", ChangeSetName="missing")


def test_a_new_stack_has_no_previous_values(aws: Aws) -> None:
    body = json.dumps({"Parameters": {"A": {"Type": "String"}}, "Resources": {"B": resource("S3::Bucket")}})
    with pytest.raises(ClientError, match="Invalid input for parameter key A"):
        aws("cloudformation").create_change_set(
            StackName="unvalued",
            ChangeSetName="c",
            TemplateBody=body,
            Parameters=[{"ParameterKey": "A", "UsePreviousValue": True}],
        )
