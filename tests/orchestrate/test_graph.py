"""Random workflows with random outcomes: after every step, a run equals that of a small model of AWS's rules."""

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from glue_local import crawler_runs, work
from glue_local.crawler_runs.crawl import OFFER
from glue_local.server import Server
from glue_local.settings import Settings

from .conftest import Clock, World, client
from .workflow_model import START, Design, Model, Trigger, draw, outcome, states_of

CRAWLED = {"SUCCEEDED": "COMPLETED", "FAILED": "FAILED", "CANCELLED": "STOPPED"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server for all examples, each of which uses an account of its own. The test ends the crawls."""
    folder, clock = tmp_path_factory.mktemp("graph"), Clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("glue_local.server._CRAWL_LOOPS", 0)
        with Server(Settings(port=0, data_dir=folder / "data", children=()), clock=clock) as server:
            server.schedule.__exit__(None, None, None)
            server.events.__exit__(None, None, None)
            yield World(server, clock, client(server))


@pytest.fixture
def world(shared: World, seed: int) -> World:
    return World(shared.server, shared.clock, client(shared.server, f"{seed + 1:012}"))


def create(world: World, design: Design) -> None:
    for job in design.jobs:
        limit = {"ExecutionProperty": {"MaxConcurrentRuns": 1}} if job in design.limited else {}
        world.job(job, MaxRetries=int(job in design.retried), **limit)
    for crawler in design.crawlers:
        targets = {"S3Targets": [{"Path": "s3://lake/data/"}]}
        world.glue.create_crawler(Name=crawler, Role="r", DatabaseName="db", Targets=targets)
    world.glue.create_workflow(Name="w")
    for trigger in design.triggers:
        world.glue.create_trigger(Name=trigger.name, WorkflowName="w", Actions=actions(trigger), **kind(trigger))
    for name in design.deleted:
        world.glue.delete_job(JobName=name) if name in design.jobs else world.glue.delete_crawler(Name=name)


def actions(trigger: Trigger) -> list[dict[str, str]]:
    return [{"JobName" if name.startswith("j") else "CrawlerName": name} for name in trigger.actions]


def kind(trigger: Trigger) -> dict[str, Any]:
    if trigger.name == START:
        return {"Type": "ON_DEMAND"}
    conditions = [
        {"LogicalOperator": "EQUALS", "JobName": name, "State": state}
        if name.startswith("j")
        else {"LogicalOperator": "EQUALS", "CrawlerName": name, "CrawlState": state}
        for name, state in trigger.conditions
    ]
    predicate = {"Logical": "ANY" if trigger.is_any else "AND", "Conditions": conditions}
    return {"Type": "CONDITIONAL", "StartOnCreation": trigger.active, "Predicate": predicate}


def shown(world: World, run_id: str) -> dict[str, Any]:
    found: dict[str, Any] = world.glue.get_workflow_run(Name="w", RunId=run_id, IncludeGraph=True)["Run"]
    return found


def job_runs(run: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for node in run["Graph"]["Nodes"] for one in node.get("JobDetails", {}).get("JobRuns", [])]


def check(run: dict[str, Any], model: Model) -> None:
    """Compare a workflow run with the model's."""
    crawls = [
        (node["Name"], one["State"])
        for node in run["Graph"]["Nodes"]
        for one in node.get("CrawlerDetails", {}).get("Crawls", [])
    ]
    # A run that no worker has taken yet is STARTING.
    states = [(one["JobName"], one["JobRunState"].replace("STARTING", "RUNNING")) for one in job_runs(run)]
    assert Counter(states + crawls) == model.runs()
    assert Counter((one["TriggerName"], one["JobName"]) for one in job_runs(run)) == model.started_by()
    assert run["Statistics"] == model.statistics()
    assert run["Status"] == model.status
    names = {node["UniqueId"]: node["Name"] for node in run["Graph"]["Nodes"]}
    assert {(names[one["SourceId"]], names[one["DestinationId"]]) for one in run["Graph"]["Edges"]} == (
        model.design.edges()
    )
    design = model.design
    assert sorted(names.values()) == sorted(
        {one.name for one in design.triggers} | {name for edge in design.edges() for name in edge}
    )


class Unfinished(NamedTuple):
    """A job run or crawl that has not ended. The API does not tell which trigger started a crawl."""

    name: str
    run_id: str
    trigger: str | None
    attempt: int


def unfinished(world: World, run: dict[str, Any]) -> list[Unfinished]:
    """Return all job runs and crawls of a workflow run that have not ended."""
    running = [
        Unfinished(one["JobName"], one["Id"], one["TriggerName"], one.get("Attempt", 0) + 1)
        for one in job_runs(run)
        if one["JobRunState"] == "STARTING"
    ]
    # Other examples have none that wait.
    queued = world.server.store.in_state("crawl", "QUEUED")
    return running + [Unfinished(crawl["CrawlerName"], crawl["CrawlId"], None, 1) for *_, crawl in queued]


def end(world: World, name: str, run_id: str, state: str) -> None:
    """End a job run or a crawl as a worker does."""
    if name.startswith("j"):
        world.end(run_id, state)
        return
    private = world.server.private
    claimed = work.claim(private, [crawler_runs.CRAWL], "w", [OFFER], run_id)
    assert claimed is not None
    secret = claimed.claim["claim"]
    work.begun(private, crawler_runs.CRAWL, run_id, secret)
    if state == "CANCELLED":
        world.glue.stop_crawler(Name=name)
    work.finish(private, crawler_runs.CRAWL, run_id, secret, work.Ending(CRAWLED[state]))
    world.settle()


def follow(world: World, model: Model, run_id: str, chance: random.Random, *, stop_after: int | None = None) -> None:
    """End the runs in random order, and compare the workflow run with the model's after each."""
    step = 0
    while waiting := unfinished(world, run := shown(world, run_id)):
        check(run, model)
        if step == stop_after:
            world.glue.stop_workflow_run(Name="w", RunId=run_id)
            world.settle()
            model.stop()
        else:
            one = chance.choice(waiting)
            state = outcome(chance, one.name)
            end(world, one.name, one.run_id, state)
            model.end(one.name, one.trigger, one.attempt, state)
        step += 1
    check(run, model)


@pytest.mark.parametrize("seed", range(40))
def test_a_random_workflow_runs_as_in_the_model(world: World, seed: int) -> None:
    chance = random.Random(seed)
    design = draw(chance)
    create(world, design)
    outside = [job for job in design.jobs if job not in design.deleted | design.limited | design.retried]
    if outside and chance.random() < 0.3:
        # A run that no trigger started fires none.
        world.end(world.glue.start_job_run(JobName=outside[0])["JobRunId"], "SUCCEEDED")
    run_id = world.glue.start_workflow_run(Name="w")["RunId"]
    world.settle()
    model = Model(design)
    model.fire(design.triggers[0])
    model.settle()
    follow(world, model, run_id, chance, stop_after=chance.randint(0, 3) if chance.random() < 0.3 else None)
    if model.status != "COMPLETED":
        return

    # Resume it from one or two jobs or crawlers, with other outcomes.
    original = shown(world, run_id)
    ids = {node["Name"]: node["UniqueId"] for node in original["Graph"]["Nodes"]}
    attempted = sorted({one.name for one in model.actions})
    chosen = set(chance.sample(attempted, min(len(attempted), chance.randint(1, 2))))
    resumed = world.glue.resume_workflow_run(Name="w", RunId=run_id, NodeIds=[ids[name] for name in sorted(chosen)])
    again, first = model.resumed(chosen)
    assert set(resumed["NodeIds"]) == {ids[name] for name in first}
    world.settle()
    if any(one.state != "RUNNING" for one in again.actions if one.name in first):
        again.settle()
    follow(world, again, resumed["RunId"], chance)
    assert shown(world, run_id) == original


def test_the_examples_have_every_state_and_feature() -> None:
    designs = [draw(random.Random(seed)) for seed in range(40)]
    triggers = [trigger for design in designs for trigger in design.triggers[1:]]
    assert {state for one in triggers for _, state in one.conditions} == {*states_of("j"), *states_of("c")}
    assert {(one.is_any, one.active, len(one.conditions) > 1) for one in triggers} >= {
        (True, True, True),
        (False, True, True),
        (False, False, False),
    }
    assert any(design.deleted & {*design.crawlers} for design in designs)
    assert any(design.deleted & {*design.jobs} for design in designs)
    assert all(any(getattr(design, member) for design in designs) for member in ("limited", "retried", "crawlers"))
