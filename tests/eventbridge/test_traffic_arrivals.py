"""The example's schedule, and its workflow that the delivery of events starts, with a simulated worker."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from glue_local.orchestrate.loop import advance
from glue_local.promote.apply.provision import provision
from glue_local.promote.definition.desired import desired
from glue_local.promote.kinds import Account

from .conftest import ACCOUNT, REGION, World

ROOT = Path(__file__).parents[2]
JOBS = ["load_points", "repartition", "aggregate", "check_quality"]
KINDS = (
    *("buckets", "bucket_notifications", "roles", "jobs", "workflows", "triggers"),
    *("state_machines", "rules", "rule_targets", "schedules"),
)


@pytest.fixture
def pipeline(world: World) -> World:
    """A server with the example's resources that take part, as ``provision`` creates them."""
    account = Account(world.aws, REGION, ACCOUNT)
    resources = [each for each in desired(ROOT / "glue-local.yaml", REGION, ACCOUNT) if each.kind in KINDS]
    assert {done for _, done in provision(resources, account)} == {"created"}
    assert {done for _, done in provision(resources, account)} == {"unchanged"}
    return world


def deliver(world: World, key: str = "raw/year=2026/month=03/day=02/hour=12/a.gz") -> None:
    world.aws("s3").put_object(Bucket="traffic-raw", Key=key, Body=b"{}")
    settle(world)


def settle(world: World, **duration: float) -> None:
    world.pass_time(**duration)
    advance(world.server.private)
    world.settle()


def workflow_runs(world: World) -> list[Any]:
    runs = world.aws("glue").get_workflow_runs(Name="traffic_arrivals", IncludeGraph=True)["Runs"]
    return list(runs)


def test_the_delivery_of_events_starts_the_workflow(pipeline: World) -> None:
    glue = pipeline.aws("glue")
    pipeline.aws("events").enable_rule(Name="traffic-arrivals")
    deliver(pipeline)
    deliver(pipeline, "raw/year=2026/month=03/day=02/hour=12/b.gz")
    deliver(pipeline, "config/points.xml")
    assert workflow_runs(pipeline) == []
    settle(pipeline, seconds=301)
    [run] = workflow_runs(pipeline)
    assert len(run["WorkflowRunProperties"]["aws:eventIds"].split(",")) == 2
    for name in JOBS:
        [started] = glue.get_job_runs(JobName=name)["JobRuns"]
        assert started["Arguments"]["--WORKFLOW_RUN_ID"] == run["WorkflowRunId"]
        assert pipeline.end_run("SUCCEEDED") == started["Id"]
        settle(pipeline)
    [run] = workflow_runs(pipeline)
    assert (run["Status"], run["Statistics"]["SucceededActions"]) == ("COMPLETED", len(JOBS))


def test_a_failed_job_ends_the_workflow(pipeline: World) -> None:
    pipeline.aws("events").enable_rule(Name="traffic-arrivals")
    deliver(pipeline)
    settle(pipeline, seconds=301)
    pipeline.end_run("SUCCEEDED")
    settle(pipeline)
    pipeline.end_run("FAILED", "ill")
    settle(pipeline)
    [run] = workflow_runs(pipeline)
    assert (run["Status"], run["Statistics"]["FailedActions"]) == ("COMPLETED", 1)
    assert pipeline.aws("glue").get_job_runs(JobName="aggregate")["JobRuns"] == []


def test_nothing_starts_unasked(pipeline: World) -> None:
    deliver(pipeline)
    settle(pipeline, hours=2)
    assert workflow_runs(pipeline) == []
    assert executions(pipeline) == []


def test_the_schedule_executes_the_state_machine(pipeline: World) -> None:
    scheduler = pipeline.aws("scheduler")
    schedule = scheduler.get_schedule(Name="traffic-hourly")
    kept = ("Name", "ScheduleExpression", "FlexibleTimeWindow", "Target")
    scheduler.update_schedule(**{name: schedule[name] for name in kept}, State="ENABLED")
    pipeline.follow("2026-03-02T12:09:59")
    assert executions(pipeline) == []
    pipeline.follow("2026-03-02T12:10:01")
    [execution] = executions(pipeline)
    sfn = pipeline.aws("stepfunctions")
    assert json.loads(sfn.describe_execution(executionArn=execution)["input"]) == {}
    glue, end = pipeline.aws("glue"), time.monotonic() + 30
    while not glue.get_job_runs(JobName="load_points")["JobRuns"] and time.monotonic() < end:
        time.sleep(0.05)
    assert len(glue.get_job_runs(JobName="load_points")["JobRuns"]) == 1
    sfn.stop_execution(executionArn=execution)


def executions(world: World) -> list[str]:
    machine = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:traffic_glue"
    found = world.aws("stepfunctions").list_executions(stateMachineArn=machine)["executions"]
    return [str(each["executionArn"]) for each in found]
