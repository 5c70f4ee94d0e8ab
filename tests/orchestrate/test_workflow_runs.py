"""Workflow runs through Glue's API: graphs, properties, limits, stopping and resuming."""

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import START, World


def condition(job: str, state: str = "SUCCEEDED") -> dict[str, Any]:
    return {"LogicalOperator": "EQUALS", "JobName": job, "State": state}


def then(world: World, name: str, after: str, *jobs: str, state: str = "SUCCEEDED", **more: Any) -> None:
    world.glue.create_trigger(
        **{
            "Name": name,
            "WorkflowName": "w",
            "Type": "CONDITIONAL",
            "StartOnCreation": True,
            "Predicate": {"Conditions": [condition(after, state)]},
            "Actions": [{"JobName": job} for job in jobs],
            **more,
        }
    )


@pytest.fixture
def flow(world: World) -> World:
    """The workflow W1 of AWS's page on resuming: t1 → j1 → t2, t3 → j2, j3 → t4, t5 → j4, j5."""
    world.job("j1", "j2", "j3", "j4", "j5")
    world.glue.create_workflow(Name="w", DefaultRunProperties={"day": "monday", "kind": "full"}, MaxConcurrentRuns=1)
    world.glue.create_trigger(Name="t1", Type="ON_DEMAND", WorkflowName="w", Actions=[{"JobName": "j1"}])
    for trigger, after, job in [("t2", "j1", "j2"), ("t3", "j1", "j3"), ("t4", "j2", "j4"), ("t5", "j3", "j5")]:
        then(world, trigger, after, job)
    return world


def start(world: World, **properties: str) -> str:
    return str(world.glue.start_workflow_run(Name="w", RunProperties=properties)["RunId"])


def run(world: World, run_id: str, *, graph: bool = True) -> dict[str, Any]:
    found: dict[str, Any] = world.glue.get_workflow_run(Name="w", RunId=run_id, IncludeGraph=graph)["Run"]
    return found


def job_runs(found: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """Return (id, state) of the runs of each job node."""
    return {
        node["Name"]: [(one["Id"], one["JobRunState"]) for one in node.get("JobDetails", {}).get("JobRuns", [])]
        for node in found["Graph"]["Nodes"]
        if node["Type"] == "JOB"
    }


def states(found: dict[str, Any]) -> dict[str, list[str]]:
    return {job: [state for _, state in runs] for job, runs in job_runs(found).items()}


def counters(found: dict[str, Any]) -> dict[str, int]:
    return {name.removesuffix("Actions"): count for name, count in found["Statistics"].items() if count}


def code(refusal: Any) -> str:
    return str(refusal.value.response["Error"]["Code"])


def test_a_run_from_its_start_to_its_end(flow: World) -> None:
    run_id = start(flow, kind="delta")
    first = run(flow, run_id)
    assert (first["Status"], counters(first)) == ("RUNNING", {"Total": 5, "Running": 1})
    assert first["WorkflowRunProperties"] == {"day": "monday", "kind": "delta"}
    assert {job: len(runs) for job, runs in states(first).items()} == {"j1": 1, "j2": 0, "j3": 0, "j4": 0, "j5": 0}
    flow.pass_time(minutes=1)
    ended = {"j1": "SUCCEEDED", "j2": "FAILED", "j3": "TIMEOUT"}
    assert flow.end_all(ended) == ["j1", "j2", "j3"]
    last = run(flow, run_id)
    # COMPLETED although jobs have failed: AWS's page on resuming says so.
    assert (last["Status"], last["CompletedOn"]) == ("COMPLETED", START + timedelta(minutes=1))
    assert counters(last) == {"Total": 5, "Succeeded": 1, "Failed": 1, "Timeout": 1}
    assert states(last) == {"j1": ["SUCCEEDED"], "j2": ["FAILED"], "j3": ["TIMEOUT"], "j4": [], "j5": []}
    assert flow.glue.get_workflow(Name="w")["Workflow"]["LastRun"]["WorkflowRunId"] == run_id


def test_the_graph_of_awss_second_example(world: World) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/workflows_api_concepts.html, Example 2."""
    world.job("j1", "j2", "j3")
    world.glue.create_workflow(Name="w")
    world.glue.create_trigger(Name="t1", Type="ON_DEMAND", WorkflowName="w", Actions=[{"JobName": "j1"}])
    then(world, "t2", "j1", "j2")
    both = {"Logical": "AND", "Conditions": [condition("j1"), condition("j2")]}
    then(world, "t3", "j1", "j3", Predicate=both)
    graph = world.glue.get_workflow(Name="w", IncludeGraph=True)["Workflow"]["Graph"]
    names = {node["UniqueId"]: node["Name"] for node in graph["Nodes"]}
    assert sorted(names.values()) == ["j1", "j2", "j3", "t1", "t2", "t3"]
    edges = {(names[edge["SourceId"]], names[edge["DestinationId"]]) for edge in graph["Edges"]}
    assert edges == {("t1", "j1"), ("j1", "t2"), ("t2", "j2"), ("j1", "t3"), ("j2", "t3"), ("t3", "j3")}
    details = [node["TriggerDetails"]["Trigger"]["Name"] for node in graph["Nodes"] if node["Type"] == "TRIGGER"]
    assert details == ["t1", "t2", "t3"]
    found = world.glue.batch_get_workflows(Names=["w", "x"], IncludeGraph=True)
    assert (found["Workflows"][0]["Graph"], found["MissingWorkflows"]) == (graph, ["x"])


def test_jobs_get_the_workflow_and_exchange_properties(flow: World) -> None:
    run_id = start(flow)
    [first] = flow.runs("j1")
    assert first["Arguments"] == {"--WORKFLOW_NAME": "w", "--WORKFLOW_RUN_ID": run_id}
    flow.glue.put_workflow_run_properties(Name="w", RunId=run_id, RunProperties={"rows": "5", "day": "friday"})
    found = flow.glue.get_workflow_run_properties(Name="w", RunId=run_id)["RunProperties"]
    assert found == {"day": "friday", "kind": "full", "rows": "5"}
    flow.end_all()
    assert run(flow, run_id)["WorkflowRunProperties"] == found
    assert flow.glue.get_workflow(Name="w")["Workflow"]["DefaultRunProperties"] == {"day": "monday", "kind": "full"}


def test_concurrent_runs_are_limited(flow: World) -> None:
    start(flow)
    for call in (lambda: start(flow), lambda: flow.glue.start_trigger(Name="t1")):
        with pytest.raises(flow.glue.exceptions.ConcurrentRunsExceededException, match="for workflow: w."):
            call()
    flow.end_all()
    flow.glue.start_trigger(Name="t1")
    assert len(flow.glue.get_workflow_runs(Name="w")["Runs"]) == 2
    flow.glue.update_workflow(Name="w", MaxConcurrentRuns=3)
    start(flow)
    assert len(flow.runs("j1")) == 3


def test_a_schedule_that_exceeds_the_limit_leaves_a_run_in_error(world: World) -> None:
    world.job("j")
    world.glue.create_workflow(Name="w", MaxConcurrentRuns=1)
    world.glue.create_trigger(
        Name="t",
        Type="SCHEDULED",
        Schedule="cron(0 * * * ? *)",
        WorkflowName="w",
        StartOnCreation=True,
        Actions=[{"JobName": "j"}],
    )
    world.pass_time(hours=1)
    world.pass_time(hours=1)
    latest, first = world.glue.get_workflow_runs(Name="w")["Runs"]
    assert (first["Status"], latest["Status"]) == ("RUNNING", "ERROR")
    assert latest["ErrorMessage"] == "Concurrent runs exceeded for workflow: w."
    assert len(world.runs("j")) == 1


def test_a_run_keeps_the_triggers_that_it_started_with(flow: World) -> None:
    run_id = start(flow)
    flow.glue.delete_trigger(Name="t3")
    flow.glue.update_trigger(
        Name="t2", TriggerUpdate={"Predicate": {"Conditions": [condition("j1")]}, "Actions": [{"JobName": "j5"}]}
    )
    assert sorted(flow.end_all()) == ["j1", "j2", "j3", "j4", "j5"]
    assert counters(run(flow, run_id)) == {"Total": 5, "Succeeded": 5}
    flow.pass_time(minutes=1)
    again = start(flow)
    assert sorted(flow.end_all()) == ["j1", "j5"]
    assert counters(run(flow, again)) == {"Total": 4, "Succeeded": 2}


def test_triggers_inside_and_outside_do_not_fire_each_other(flow: World) -> None:
    flow.job("inside", "outside")
    flow.glue.create_trigger(Name="alone", Type="ON_DEMAND", Actions=[{"JobName": "j1"}])
    then(flow, "in", "j1", "inside")
    flow.glue.create_trigger(
        Name="out",
        Type="CONDITIONAL",
        StartOnCreation=True,
        Predicate={"Conditions": [condition("j1")]},
        Actions=[{"JobName": "outside"}],
    )
    flow.glue.start_trigger(Name="alone")
    assert flow.end_all() == ["j1", "outside"]
    start(flow)
    assert sorted(flow.end_all()) == ["inside", "j1", "j2", "j3", "j4", "j5"]


def test_a_trigger_that_is_not_activated_ends_the_run(flow: World) -> None:
    flow.glue.stop_trigger(Name="t2")
    run_id = start(flow)
    assert sorted(flow.end_all()) == ["j1", "j3", "j5"]
    assert (run(flow, run_id)["Status"], counters(run(flow, run_id))) == ("COMPLETED", {"Total": 5, "Succeeded": 3})


def test_a_retried_job_shows_its_attempts(flow: World) -> None:
    command = {"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"}
    flow.glue.update_job(JobName="j1", JobUpdate={"Role": "r", "Command": command, "MaxRetries": 1})
    run_id = start(flow)
    flow.end_next("FAILED")
    assert (states(run(flow, run_id))["j1"], counters(run(flow, run_id))["Running"]) == (["FAILED", "STARTING"], 1)
    flow.end_all()
    assert states(run(flow, run_id))["j1"] == ["FAILED", "SUCCEEDED"]
    assert counters(run(flow, run_id)) == {"Total": 5, "Succeeded": 5}


def test_a_run_is_stopped(flow: World) -> None:
    run_id = start(flow)
    flow.end_next()
    [j2], [j3] = flow.runs("j2"), flow.runs("j3")
    flow.glue.stop_workflow_run(Name="w", RunId=run_id)
    # No worker has claimed them, so they stop immediately.
    flow.settle()
    stopped = run(flow, run_id)
    assert stopped["Status"] == "STOPPED"
    assert job_runs(stopped)["j2"] == [(j2["Id"], "STOPPED")]
    assert job_runs(stopped)["j3"] == [(j3["Id"], "STOPPED")]
    assert counters(stopped) == {"Total": 5, "Succeeded": 1, "Stopped": 2}
    for operation in (flow.glue.stop_workflow_run, flow.glue.resume_workflow_run):
        more = {"NodeIds": ["x"]} if operation == flow.glue.resume_workflow_run else {}
        with pytest.raises(ClientError) as refusal:
            operation(Name="w", RunId=run_id, **more)
        assert code(refusal) == "IllegalWorkflowStateException"


def test_a_stopped_run_waits_for_its_jobs_and_starts_nothing(flow: World) -> None:
    command = {"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"}
    flow.glue.update_job(JobName="j1", JobUpdate={"Role": "r", "Command": command, "MaxRetries": 3})
    run_id = start(flow)
    flow.claim()
    flow.glue.stop_workflow_run(Name="w", RunId=run_id)
    flow.settle()
    assert run(flow, run_id)["Status"] == "STOPPING"
    # It ends as FAILED before its worker learns of the stop: no retry.
    flow.finish_claimed("FAILED")
    assert (run(flow, run_id)["Status"], flow.end_all()) == ("STOPPED", [])


def node(found: dict[str, Any], name: str) -> str:
    [unique_id] = [one["UniqueId"] for one in found["Graph"]["Nodes"] if one["Name"] == name]
    return str(unique_id)


def test_a_run_is_resumed_as_in_awss_example(flow: World) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/resuming-workflow.html"""
    run_id = start(flow, kind="delta")
    flow.end_all({"j1": "SUCCEEDED", "j2": "FAILED", "j3": "FAILED"})
    original = run(flow, run_id)
    flow.pass_time(minutes=1)
    nodes = [node(original, "j2"), node(original, "j3")]
    resumed = flow.glue.resume_workflow_run(Name="w", RunId=run_id, NodeIds=nodes)
    assert resumed["NodeIds"] == nodes
    assert sorted(flow.end_all()) == ["j2", "j3", "j4", "j5"]
    found = run(flow, resumed["RunId"])
    assert (found["PreviousRunId"], found["Status"]) == (run_id, "COMPLETED")
    assert found["WorkflowRunProperties"] == {"day": "monday", "kind": "delta"}
    assert counters(found) == {"Total": 5, "Succeeded": 5}
    # j1 is copied with its details; the original stays as it was.
    assert job_runs(found)["j1"] == job_runs(original)["j1"]
    assert run(flow, run_id) == original
    # A resumed run can be resumed.
    again = flow.glue.resume_workflow_run(Name="w", RunId=resumed["RunId"], NodeIds=[node(found, "j4")])
    assert flow.end_all() == ["j4"]
    assert run(flow, again["RunId"])["PreviousRunId"] == resumed["RunId"]


def test_a_node_that_depends_on_another_is_started_by_its_trigger(flow: World) -> None:
    run_id = start(flow)
    flow.end_all()
    found = run(flow, run_id)
    nodes = [node(found, "j4"), node(found, "j2")]
    resumed = flow.glue.resume_workflow_run(Name="w", RunId=run_id, NodeIds=nodes)
    assert resumed["NodeIds"] == [node(found, "j2")]
    assert flow.end_all() == ["j2", "j4"]
    assert {job: len(runs) for job, runs in states(run(flow, resumed["RunId"])).items()} == dict.fromkeys(
        ["j1", "j2", "j3", "j4", "j5"], 1
    )


def test_invalid_resumes_are_refused(flow: World) -> None:
    run_id = start(flow)
    with pytest.raises(ClientError) as refusal:
        flow.glue.resume_workflow_run(Name="w", RunId=run_id, NodeIds=["x"])
    assert code(refusal) == "IllegalWorkflowStateException"
    flow.end_all({"j1": "FAILED"})
    found = run(flow, run_id)
    # A node that was not run, a trigger, and an empty list.
    for name in (node(found, "j2"), node(found, "t1"), "wnode_x"):
        with pytest.raises(flow.glue.exceptions.InvalidInputException, match=name):
            flow.glue.resume_workflow_run(Name="w", RunId=run_id, NodeIds=[name])


def test_runs_are_listed_the_latest_first_in_pages(flow: World) -> None:
    flow.glue.update_workflow(Name="w", MaxConcurrentRuns=10)
    expected = []
    for _ in range(5):
        expected.insert(0, start(flow))
        flow.pass_time(seconds=1)
    pages = flow.glue.get_workflow_runs(Name="w", MaxResults=3)
    assert [one["WorkflowRunId"] for one in pages["Runs"]] == expected[:3]
    rest = flow.glue.get_workflow_runs(Name="w", MaxResults=3, NextToken=pages["NextToken"], IncludeGraph=True)
    assert [one["WorkflowRunId"] for one in rest["Runs"]] == expected[3:]
    assert "NextToken" not in rest
    assert len(rest["Runs"][0]["Graph"]["Nodes"]) == 10
    with pytest.raises(flow.glue.exceptions.InvalidInputException):
        flow.glue.get_workflow_runs(Name="w", NextToken="x")


def test_a_deleted_workflow_leaves_its_triggers_without_effect(flow: World) -> None:
    run_id = start(flow)
    flow.glue.delete_workflow(Name="w")
    assert flow.glue.get_trigger(Name="t1")["Trigger"]["WorkflowName"] == "w"
    for call in (
        lambda: flow.glue.start_trigger(Name="t1"),
        lambda: flow.glue.get_workflow_run(Name="w", RunId=run_id),
        lambda: flow.glue.start_workflow_run(Name="w"),
    ):
        with pytest.raises(flow.glue.exceptions.EntityNotFoundException):
            call()
    assert flow.end_all() == ["j1"]
