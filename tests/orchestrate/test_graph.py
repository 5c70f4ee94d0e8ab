"""Random workflows with random outcomes: the graph of a run equals that of a small model of AWS's rules."""

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from .conftest import World

OUTCOMES = ("SUCCEEDED", "FAILED", "TIMEOUT", "STOPPED")


@dataclass
class Design:
    """A random workflow and the final states of its jobs. The job ``deleted`` ends in ERROR."""

    jobs: list[str]
    start: list[str]
    conditional: dict[str, dict[str, Any]]
    """The conditional triggers by name: ``wanted`` (job, state), ``any``, ``actions``, ``active``."""
    deleted: str | None
    outcomes: dict[str, str] = field(default_factory=dict)


def draw(chance: random.Random) -> Design:
    jobs = [f"j{number}" for number in range(chance.randint(2, 6))]
    conditional = {}
    for number in range(chance.randint(1, 6)):
        watched = chance.sample(jobs, chance.randint(1, min(3, len(jobs) - 1)))
        others = [job for job in jobs if job not in watched]
        conditional[f"t{number}"] = {
            "wanted": [(job, chance.choice(["SUCCEEDED", "SUCCEEDED", *OUTCOMES])) for job in watched],
            "any": chance.random() < 0.5,
            "actions": chance.sample(others, chance.randint(1, len(others))),
            "active": chance.random() < 0.9,
        }
    design = Design(jobs, chance.sample(jobs, chance.randint(1, 2)), conditional, None)
    design.deleted = chance.choice(jobs) if chance.random() < 0.3 else None
    design.outcomes = {job: chance.choice(["SUCCEEDED", "SUCCEEDED", *OUTCOMES]) for job in jobs}
    return design


def create(world: World, design: Design) -> None:
    world.job(*design.jobs)
    world.glue.create_workflow(Name="w")
    first = [{"JobName": job} for job in design.start]
    world.glue.create_trigger(Name="start", Type="ON_DEMAND", WorkflowName="w", Actions=first)
    for name, trigger in design.conditional.items():
        world.glue.create_trigger(
            Name=name,
            Type="CONDITIONAL",
            WorkflowName="w",
            StartOnCreation=trigger["active"],
            Predicate={
                "Logical": "ANY" if trigger["any"] else "AND",
                "Conditions": [
                    {"LogicalOperator": "EQUALS", "JobName": job, "State": state} for job, state in trigger["wanted"]
                ],
            },
            Actions=[{"JobName": job} for job in trigger["actions"]],
        )


Ran = Counter[tuple[str, str, str]]
"""The number of runs by (trigger, job, state)."""


def model(design: Design, ran: Ran, fired: set[str]) -> Ran:
    """Return all runs at the end: each active trigger fires once, when the ended jobs meet its predicate.

    The order does not matter, because the set of ended jobs only grows.
    """
    ran, fired = Counter(ran), set(fired)
    changed = True
    while changed:
        changed = False
        ended = {(job, state) for _, job, state in ran}
        for name, trigger in design.conditional.items():
            met = [condition in ended for condition in trigger["wanted"]]
            if trigger["active"] and name not in fired and (any(met) if trigger["any"] else all(met)):
                fired.add(name)
                ran.update((name, job, ending(design, job)) for job in trigger["actions"])
                changed = True
    return ran


def ending(design: Design, job: str) -> str:
    return "ERROR" if job == design.deleted else design.outcomes[job]


def shown(run: dict[str, Any]) -> Ran:
    return Counter(
        (one["TriggerName"], one["JobName"], one["JobRunState"])
        for node in run["Graph"]["Nodes"]
        for one in node.get("JobDetails", {}).get("JobRuns", [])
    )


def statistics(design: Design, ran: Ran) -> dict[str, int]:
    by_state = Counter(state for _, _, state in ran.elements())
    total = len(design.start) + sum(len(trigger["actions"]) for trigger in design.conditional.values())
    return {
        "TotalActions": total,
        "SucceededActions": by_state["SUCCEEDED"],
        "FailedActions": by_state["FAILED"],
        "TimeoutActions": by_state["TIMEOUT"],
        "StoppedActions": by_state["STOPPED"],
        "ErroredActions": by_state["ERROR"],
        "RunningActions": 0,
        "WaitingActions": 0,
    }


def edges(design: Design) -> set[tuple[str, str]]:
    found = {("start", job) for job in design.start}
    for name, trigger in design.conditional.items():
        found |= {(job, name) for job, _ in trigger["wanted"]} | {(name, job) for job in trigger["actions"]}
    return found


def below(design: Design, jobs: set[str]) -> set[str]:
    """Return the names of jobs and triggers that depend on some jobs."""
    found: set[str] = set()
    frontier = set(jobs)
    while frontier:
        frontier = {to for source, to in edges(design) if source in frontier} - found
        found |= frontier
    return found


def finish(world: World, design: Design, run_id: str, chance: random.Random) -> dict[str, Any]:
    """End the runs in random order and return the workflow run. Check that no job runs before its conditions are met."""
    private = world.server.private
    while True:
        waiting = [document for *_, document in private.store.in_state("job_run", "STARTING")]
        if not waiting:
            break
        for one in waiting:
            trigger = design.conditional.get(one["TriggerName"])
            assert trigger is None or bool(one["PredecessorRuns"])
        world.end(chance.choice(waiting)["Id"], design.outcomes)
    found: dict[str, Any] = world.glue.get_workflow_run(Name="w", RunId=run_id, IncludeGraph=True)["Run"]
    return found


@pytest.mark.parametrize("seed", range(25))
def test_a_random_workflow_runs_as_in_the_model(world: World, seed: int) -> None:
    chance = random.Random(seed)
    design = draw(chance)
    create(world, design)
    if design.deleted:
        world.glue.delete_job(JobName=design.deleted)
    run_id = world.glue.start_workflow_run(Name="w")["RunId"]
    world.settle()
    run = finish(world, design, run_id, chance)
    started = Counter(("start", job, ending(design, job)) for job in design.start)
    expected = model(design, started, {"start"})
    assert run["Status"] == "COMPLETED"
    assert shown(run) == expected
    assert run["Statistics"] == statistics(design, expected)
    names = {node["UniqueId"]: node["Name"] for node in run["Graph"]["Nodes"]}
    assert {(names[one["SourceId"]], names[one["DestinationId"]]) for one in run["Graph"]["Edges"]} == edges(design)

    # Resume it from one or two jobs, with other outcomes.
    ids = {name: unique_id for unique_id, name in names.items()}
    attempted = sorted({job for _, job, _ in expected})
    chosen = set(chance.sample(attempted, min(len(attempted), chance.randint(1, 2))))
    design.outcomes = {job: chance.choice(OUTCOMES) for job in design.jobs}
    resumed = world.glue.resume_workflow_run(Name="w", RunId=run_id, NodeIds=[ids[job] for job in sorted(chosen)])
    first = chosen - below(design, chosen) or chosen
    assert {names[node] for node in resumed["NodeIds"]} == first
    again = below(design, first)
    if first & again or chosen - first - again:
        return  # a cycle, whose order the model does not define
    world.settle()
    kept = Counter({one: count for one, count in expected.items() if one[1] not in first | again})
    restarted = Counter((trigger, job, ending(design, job)) for trigger, job, _ in expected.elements() if job in first)
    fired = {trigger for trigger, _, _ in expected} - again
    assert shown(finish(world, design, resumed["RunId"], chance)) == model(design, kept + restarted, fired)
