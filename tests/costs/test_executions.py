"""What an execution would have cost: its transitions and everything that its states started."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from glue_local.costs.executions import execution_costs

ROLE = "arn:aws:iam::000000000000:role/states"
Aws = Callable[..., Any]


def executed(aws: Aws, name: str, definition: dict[str, Any], **members: Any) -> str:
    """Create a state machine, execute it and return the execution's ARN."""
    states = aws("stepfunctions")
    machine = states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE, **members)
    arn = str(states.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"])
    end = time.monotonic() + 60
    while (state := states.describe_execution(executionArn=arn)["status"]) == "RUNNING":
        assert time.monotonic() < end
        time.sleep(0.05)
    assert state == "SUCCEEDED", states.describe_execution(executionArn=arn)
    return arn


def task(resource: str, parameters: dict[str, Any]) -> dict[str, Any]:
    state = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": parameters, "End": True}
    return {"StartAt": "T", "States": {"T": state}}


def test_an_execution_costs_its_transitions_and_the_crawls_that_it_started(aws: Aws) -> None:
    aws("s3").create_bucket(Bucket="crawled-costs")
    glue = aws("glue")
    glue.create_database(DatabaseInput={"Name": "crawled"})
    target = {"S3Targets": [{"Path": "s3://crawled-costs/"}]}
    glue.create_crawler(Name="c", Role=ROLE, DatabaseName="crawled", Targets=target)
    arn = executed(aws, "crawls", task("aws-sdk:glue:startCrawler", {"Name": "c"}))
    while glue.get_crawler(Name="c")["Crawler"]["State"] != "READY":
        time.sleep(0.05)
    crawl, transitions = execution_costs(aws, arn)
    assert crawl.usage.startswith("c: 2 DPU for 600 s at $0.44 per DPU-hour, the minimum of a crawl (it took")
    assert crawl.usd == pytest.approx(2 * 600 / 3600 * 0.44)
    assert transitions == ("Step Functions", "2 state transitions", pytest.approx(2 * 0.000025))


def test_a_run_and_a_nested_execution_are_included(aws: Aws) -> None:
    command = {"Name": "pythonshell", "ScriptLocation": "s3://b/a.py"}
    aws("glue").create_job(Name="not-awaited", Role=ROLE, Command=command)
    executed(aws, "inner", task("glue:startJobRun", {"JobName": "not-awaited"}))
    [inner] = [each for each in aws("stepfunctions").list_state_machines()["stateMachines"] if each["name"] == "inner"]
    aws("glue").update_job(
        JobName="not-awaited",
        JobUpdate={"Role": ROLE, "Command": command, "ExecutionProperty": {"MaxConcurrentRuns": 2}},
    )
    outer = task("states:startExecution.sync:2", {"StateMachineArn": inner["stateMachineArn"]})
    found = execution_costs(aws, executed(aws, "outer", outer))
    assert [(cost.service, cost.usage) for cost in found] == [
        ("Step Functions", "2 state transitions"),
        ("Glue", "not-awaited: not begun"),
        ("Step Functions", "2 state transitions"),
    ]


def test_an_express_execution_is_refused_by_name(aws: Aws) -> None:
    arn = executed(aws, "express", {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
    machine = {"describe_state_machine": lambda stateMachineArn: {"type": "EXPRESS", "name": "express"}}

    class Express:
        def __getattr__(self, name: str) -> Any:
            return machine.get(name) or getattr(aws("stepfunctions"), name)

    with pytest.raises(ValueError, match="does not estimate the cost of EXPRESS state machines: express"):
        execution_costs(lambda service: Express(), arn)
