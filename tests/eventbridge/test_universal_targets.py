"""Universal targets: schedules call any operation of the endpoint."""

import json
from datetime import timedelta

import pytest

from .conftest import START, World
from .scheduled import ROLE, executions, schedule, universal


def test_glue_is_called_by_universal_targets(world: World) -> None:
    glue = world.aws("glue")
    world.job("j", ExecutionProperty={"MaxConcurrentRuns": 10})
    targets = {"S3Targets": [{"Path": "s3://lake/data/"}]}
    glue.create_crawler(Name="c", Role="r", DatabaseName="db", Targets=targets)
    glue.create_workflow(Name="w")
    glue.create_trigger(Name="first", WorkflowName="w", Type="ON_DEMAND", Actions=[{"JobName": "j"}])
    glue.create_trigger(Name="alone", Type="ON_DEMAND", Actions=[{"JobName": "j"}])
    for action, given in (
        ("glue:startJobRun", {"JobName": "j", "Arguments": {"--day": "<aws.scheduler.scheduled-time>"}}),
        ("glue:startWorkflowRun", {"Name": "w"}),
        ("glue:startTrigger", {"Name": "alone"}),
        ("glue:startCrawler", {"Name": "c"}),
    ):
        name = action.partition(":")[2]
        schedule(world, "cron(0 13 * * ? *)", universal(action), {"Input": json.dumps(given)}, Name=name)
    world.follow(START + timedelta(hours=2))
    runs = glue.get_job_runs(JobName="j")["JobRuns"]
    assert sorted(run.get("TriggerName", "") for run in runs) == ["", "alone", "first"]
    assert [run["Arguments"] for run in runs if "TriggerName" not in run] == [{"--day": "2026-03-02T13:00:00Z"}]
    assert len(glue.get_workflow_runs(Name="w")["Runs"]) == 1
    assert len(glue.list_crawls(CrawlerName="c")["Crawls"]) == 1


def test_other_services_are_called_with_names_in_pascal_case(world: World) -> None:
    sfn, sqs = world.aws("stepfunctions"), world.aws("sqs")
    definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
    machine = sfn.create_state_machine(name="m", definition=definition, roleArn=ROLE)["stateMachineArn"]
    world.queue()
    url = sqs.get_queue_url(QueueName="q")["QueueUrl"]
    start = json.dumps({"StateMachineArn": machine, "Input": '{"day": 1}'})
    schedule(world, "cron(0 13 * * ? *)", universal("sfn:startExecution"), {"Input": start})
    send = json.dumps({"QueueUrl": url, "MessageBody": '["<aws.scheduler.attempt-number>"]'})
    schedule(world, "cron(0 13 * * ? *)", universal("sqs:sendMessage"), {"Input": send}, Name="queue")
    schedule(world, "cron(0 13 * * ? *)", machine, {"Input": '{"day": 2}'}, Name="templated")
    world.set(START + timedelta(hours=1))
    found = [sfn.describe_execution(executionArn=one["executionArn"]) for one in executions(sfn, machine)]
    assert sorted(one["input"] for one in found) == ['{"day": 1}', '{"day": 2}']
    assert world.messages() == [["1"]]


@pytest.mark.parametrize(
    "action",
    [
        "redshiftdata:executeStatement",
        "applicationautoscaling:registerScalableTarget",
        "cognitoidentityprovider:adminCreateUser",
        "cloudwatchlogs:createLogStream",
        "eventbridge:putEvents",
        "databasemigrationservice:startReplicationTask",
    ],
)
def test_services_have_the_names_of_aws_sdks(world: World, action: str) -> None:
    schedule(world, "cron(0 13 * * ? *)", universal(action))
    assert world.aws("scheduler").get_schedule(Name="s")["Target"]["Arn"] == universal(action)
