"""Events, rules' targets and times that several tests of rules use."""

import json
import time
from typing import Any

from .conftest import ACCOUNT, REGION, World

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


def workflow(world: World, **batching: int) -> str:
    """Create a workflow that starts on events; return its ARN."""
    glue = world.aws("glue")
    world.job("j", ExecutionProperty={"MaxConcurrentRuns": 10})
    glue.create_workflow(Name="w")
    glue.create_trigger(
        Name="t", WorkflowName="w", Type="EVENT", Actions=[{"JobName": "j"}], EventBatchingCondition=batching
    )
    return f"arn:aws:glue:{REGION}:{ACCOUNT}:workflow/w"


def times(world: World) -> list[str]:
    return [message["time"] for message in world.messages()]
