"""Triggers fire on schedules, by a clock that the test sets, on conditions, on demand and on events."""

import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from glue_local.core.faults import Invalid
from glue_local.orchestrate.triggers import notify_event
from glue_local.worker_api.runs import claim

from .conftest import START, World


def condition(job: str, state: str = "SUCCEEDED") -> dict[str, Any]:
    return {"LogicalOperator": "EQUALS", "JobName": job, "State": state}


def scheduled(world: World, name: str, schedule: str, *jobs: str, **more: Any) -> None:
    actions = [{"JobName": job} for job in jobs]
    world.glue.create_trigger(
        **{"Name": name, "Type": "SCHEDULED", "Schedule": schedule, "StartOnCreation": True, "Actions": actions, **more}
    )


def on_demand(world: World, name: str, *jobs: str, **more: Any) -> None:
    actions = [{"JobName": job} for job in jobs]
    world.glue.create_trigger(**{"Name": name, "Type": "ON_DEMAND", "Actions": actions, **more})


def conditional(world: World, name: str, conditions: list[Any], *jobs: str, logical: str = "AND", **more: Any) -> None:
    world.glue.create_trigger(
        Name=name,
        Type="CONDITIONAL",
        StartOnCreation=True,
        Predicate={"Logical": logical, "Conditions": conditions},
        Actions=[{"JobName": job} for job in jobs],
        **more,
    )


def test_a_week_of_schedules(world: World) -> None:
    world.job("often", "daily", "workdays")
    scheduled(world, "halves", "cron(0/30 * * * ? *)", "often")
    scheduled(world, "noon", "cron(15 12 * * ? *)", "daily")
    scheduled(world, "evenings", "cron(0 18 ? * MON-FRI *)", "workdays")
    world.follow_timers(START + timedelta(days=7))
    assert len(world.starts("often")) == 7 * 24 * 2
    assert world.starts("daily") == [f"2026-03-0{day} 12:15" for day in range(2, 9)]
    assert world.starts("workdays") == [f"2026-03-0{day} 18:00" for day in range(2, 7)]
    assert {run["TriggerName"] for run in world.runs("daily")} == {"noon"}


@pytest.fixture
def in_brussels() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Brussels"
    time.tzset()
    yield
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    time.tzset()


@pytest.mark.parametrize("night", ["2026-03-29", "2026-10-25"])
def test_a_night_of_daylight_saving_has_24_hours_in_utc(world: World, in_brussels: None, night: str) -> None:
    world.set(f"{night} 00:00")
    world.job("j")
    scheduled(world, "hourly", "cron(30 * * * ? *)", "j")
    world.follow_timers(datetime.fromisoformat(night).replace(tzinfo=timezone.utc) + timedelta(days=1))
    assert world.starts("j") == [f"{night} {hour:02d}:30" for hour in range(24)]


def test_a_leap_day(world: World) -> None:
    world.set("2028-02-28 12:00")
    world.job("j", "leap")
    scheduled(world, "daily", "cron(0 6 * * ? *)", "j")
    scheduled(world, "leap", "cron(0 6 29 2 ? *)", "leap")
    world.follow_timers("2028-03-02 00:00")
    assert world.starts("j") == ["2028-02-29 06:00", "2028-03-01 06:00"]
    assert world.starts("leap") == ["2028-02-29 06:00"]


def test_two_triggers_that_are_due_at_the_same_time_both_fire(world: World) -> None:
    world.job("a", "b", "both")
    scheduled(world, "one", "cron(0 13 * * ? *)", "a", "both")
    scheduled(world, "two", "cron(0 13 * * ? *)", "b", "both")
    world.set("2026-03-02 13:00")
    assert [len(world.runs(job)) for job in ("a", "b", "both")] == [1, 1, 2]
    assert {run["TriggerName"] for run in world.runs("both")} == {"one", "two"}


def test_a_rate_counts_from_the_activation(world: World) -> None:
    world.job("j")
    scheduled(world, "t", "rate(2 hours)", "j", StartOnCreation=False)
    world.pass_time(minutes=7)
    world.glue.start_trigger(Name="t")
    world.follow_timers(START + timedelta(hours=5))
    assert world.starts("j") == ["2026-03-02 14:07", "2026-03-02 16:07"]


def test_a_schedule_fires_only_while_it_is_activated(world: World) -> None:
    world.job("j")
    scheduled(world, "t", "cron(0 * * * ? *)", "j", StartOnCreation=False)
    state = lambda: world.glue.get_trigger(Name="t")["Trigger"]["State"]  # noqa: E731
    assert (state(), world.pass_time(hours=2)) == ("CREATED", None)
    world.glue.start_trigger(Name="t")
    assert (state(), world.runs("j")) == ("ACTIVATED", [])
    world.pass_time(hours=1)
    world.glue.stop_trigger(Name="t")
    assert (state(), world.pass_time(hours=5)) == ("DEACTIVATED", None)
    # Missed times are not caught up on.
    world.glue.start_trigger(Name="t")
    world.pass_time(minutes=59)
    assert world.starts("j") == ["2026-03-02 15:00"]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(60, ["13:00"]), (64, ["13:00"]), (66, []), (60 * 24 * 30 + 1, ["12:00"]), (60 * 24 * 30 + 10, [])],
)
def test_after_a_clock_jump_only_the_last_minutes_are_caught_up_on(
    world: World, minutes: int, expected: list[str]
) -> None:
    world.job("j")
    scheduled(world, "t", "cron(0 * * * ? *)", "j")
    following = world.pass_time(minutes=minutes)
    assert len(world.runs("j")) == len(expected)
    now = world.clock.now
    assert following == (now.replace(minute=0, second=0) + timedelta(hours=1)).timestamp()


def test_a_clock_that_is_set_back_repeats_nothing(world: World) -> None:
    world.job("j")
    scheduled(world, "t", "cron(0 * * * ? *)", "j")
    world.pass_time(hours=1)
    world.pass_time(hours=-1)
    world.follow_timers(START + timedelta(hours=2))
    assert len(world.runs("j")) == 2


def test_a_trigger_that_is_changed_while_due_fires_by_its_new_definition(world: World) -> None:
    world.job("old", "new", "stopped", "deleted", "later")
    for name, job in {"changed": "old", "stopped": "stopped", "deleted": "deleted", "moved": "later"}.items():
        scheduled(world, name, "cron(0 13 * * ? *)", job)
    # The trigger is due, but the server's loop has not run yet.
    world.clock.now = START + timedelta(hours=1)
    update = {"Schedule": "cron(0 13 * * ? *)", "Actions": [{"JobName": "new"}]}
    world.glue.update_trigger(Name="changed", TriggerUpdate=update)
    world.glue.stop_trigger(Name="stopped")
    world.glue.delete_trigger(Name="deleted")
    moved = {"Schedule": "cron(30 13 * * ? *)", "Actions": [{"JobName": "later"}]}
    world.glue.update_trigger(Name="moved", TriggerUpdate=moved)
    world.settle()
    world.set("2026-03-02 13:30")
    counts = {job: len(world.runs(job)) for job in ("old", "new", "stopped", "deleted", "later")}
    assert counts == {"old": 0, "new": 1, "stopped": 0, "deleted": 0, "later": 1}
    assert world.starts("later") == ["2026-03-02 13:30"]


def test_on_demand_fires_when_it_is_started_and_stays_created(world: World) -> None:
    world.job("a", "b")
    on_demand(world, "t", "a", "b")
    for _ in range(2):
        world.glue.start_trigger(Name="t")
    assert [len(world.runs(job)) for job in ("a", "b")] == [2, 2]
    assert world.glue.get_trigger(Name="t")["Trigger"]["State"] == "CREATED"


def test_trigger_arguments_override_defaults_but_not_non_overridable_arguments(world: World) -> None:
    world.job("j", DefaultArguments={"--a": "job", "--b": "job"}, NonOverridableArguments={"--c": "job"}, Timeout=9)
    arguments = {"--b": "trigger", "--c": "trigger", "--d": "trigger"}
    action = {"JobName": "j", "Arguments": arguments, "Timeout": 5, "NotificationProperty": {"NotifyDelayAfter": 3}}
    on_demand(world, "t", Actions=[action])
    world.glue.start_trigger(Name="t")
    [run] = world.runs("j")
    assert (run["Arguments"], run["Timeout"], run["NotificationProperty"]) == (arguments, 5, {"NotifyDelayAfter": 3})
    claimed = _claim(world)
    assert {name: claimed[name] for name in ("--a", "--b", "--c", "--d")} == {
        "--a": "job",
        "--b": "trigger",
        "--c": "job",
        "--d": "trigger",
    }


def _claim(world: World) -> dict[str, str]:
    answer = claim(world.server.private, {"worker": "w", "commands": ["glueetl"]})
    assert answer is not None
    arguments: dict[str, str] = answer["arguments"]
    return arguments


@pytest.mark.parametrize(
    ("outcomes", "started"),
    [
        ({"a": "SUCCEEDED", "b": "SUCCEEDED"}, {"both"}),
        ({"a": "SUCCEEDED", "b": "FAILED"}, {"any"}),
        ({"a": "STOPPED", "b": "TIMEOUT"}, {"any"}),
        ({"a": "FAILED", "b": "SUCCEEDED"}, set()),
    ],
)
def test_all_or_any_of_the_conditions(world: World, outcomes: dict[str, str], started: set[str]) -> None:
    world.job("a", "b", "both", "any")
    on_demand(world, "start", "a", "b")
    conditional(world, "all", [condition("a"), condition("b")], "both")
    conditions = [condition("a", "STOPPED"), condition("b", "FAILED"), condition("b", "TIMEOUT")]
    conditional(world, "some", conditions, "any", logical="ANY")
    world.glue.start_trigger(Name="start")
    world.end_all({**outcomes, "both": "SUCCEEDED", "any": "SUCCEEDED"})
    assert {job for job in ("both", "any") if world.runs(job)} == started


def test_dependents_follow_only_runs_that_a_trigger_started(world: World) -> None:
    world.job("a", "b", "c")
    on_demand(world, "start", "a")
    conditional(world, "then", [condition("a")], "b")
    conditional(world, "last", [condition("b")], "c")
    world.glue.start_job_run(JobName="a")
    assert world.end_all() == ["a"]
    world.pass_time(minutes=1)
    world.glue.start_trigger(Name="start")
    assert world.end_all() == ["a", "b", "c"]
    of_b = world.runs("b")[0]
    found = world.glue.get_job_run(JobName="b", RunId=of_b["Id"], PredecessorsIncluded=True)["JobRun"]
    assert found["PredecessorRuns"] == [{"JobName": "a", "RunId": world.runs("a")[0]["Id"]}]
    assert (of_b["TriggerName"], of_b["PredecessorRuns"]) == ("then", [])


def test_conditions_on_two_jobs_are_not_mixed_between_two_firings(world: World) -> None:
    world.job("a", "b", "c")
    on_demand(world, "start", "a", "b")
    conditional(world, "then", [condition("a"), condition("b")], "c")
    for outcomes in ({"a": "SUCCEEDED", "b": "FAILED"}, {"a": "FAILED", "b": "SUCCEEDED"}):
        world.glue.start_trigger(Name="start")
        world.end_all(outcomes)
    assert world.runs("c") == []


def test_conditions_wait_for_retries(world: World) -> None:
    world.job("a", MaxRetries=1)
    world.job("failed", "succeeded")
    on_demand(world, "start", "a")
    conditional(world, "bad", [condition("a", "FAILED")], "failed")
    conditional(world, "good", [condition("a")], "succeeded")
    world.glue.start_trigger(Name="start")
    world.end_next("FAILED")
    assert world.runs("failed") == []
    assert world.end_all() == ["a", "succeeded"]
    assert world.runs("failed") == []


def test_only_activated_triggers_fire_on_conditions(world: World) -> None:
    world.job("a", "b")
    on_demand(world, "start", "a")
    conditional(world, "then", [condition("a")], "b")
    world.glue.stop_trigger(Name="then")
    world.glue.start_trigger(Name="start")
    assert world.end_all() == ["a"]
    world.glue.start_trigger(Name="then")
    world.glue.start_trigger(Name="start")
    world.glue.update_trigger(
        Name="then",
        TriggerUpdate={"Predicate": {"Conditions": [condition("a", "FAILED")]}, "Actions": [{"JobName": "b"}]},
    )
    assert world.end_all() == ["a"]
    world.glue.start_trigger(Name="start")
    world.glue.delete_trigger(Name="then")
    assert world.end_all("FAILED") == ["a"]


def test_a_job_that_cannot_start_gets_a_run_with_the_reason(world: World) -> None:
    world.job("busy", ExecutionProperty={"MaxConcurrentRuns": 1})
    world.job("gone", "after-failure", "waiting")
    world.glue.update_job(
        JobName="waiting",
        JobUpdate={
            "Role": "r",
            "Command": {"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"},
            "JobRunQueuingEnabled": True,
        },
    )
    on_demand(world, "t", "busy", "gone", "waiting")
    conditional(world, "sorry", [condition("busy", "FAILED")], "after-failure")
    world.glue.delete_job(JobName="gone")
    for job in ("busy", "waiting"):
        world.glue.start_job_run(JobName=job)
    world.glue.start_trigger(Name="t")
    [refused, _] = sorted(world.runs("busy"), key=lambda run: run["JobRunState"])
    assert (refused["JobRunState"], refused["ErrorMessage"]) == ("FAILED", "Concurrent runs exceeded for busy")
    [error] = world.runs("gone")
    assert (error["JobRunState"], "CompletedOn" in error, error["TriggerName"]) == ("ERROR", True, "t")
    assert sorted(run["JobRunState"] for run in world.runs("waiting")) == ["STARTING", "WAITING"]
    world.settle()
    assert len(world.runs("after-failure")) == 1


@pytest.fixture
def events(world: World) -> World:
    """A workflow that two events, or one after 60 seconds, start."""
    world.job("j")
    world.glue.create_workflow(Name="w", DefaultRunProperties={"x": "1"})
    world.glue.create_trigger(
        Name="t",
        Type="EVENT",
        WorkflowName="w",
        Actions=[{"JobName": "j"}],
        EventBatchingCondition={"BatchSize": 2, "BatchWindow": 60},
    )
    return world


def notify(world: World, *ids: str) -> None:
    private = world.server.private
    for event_id in ids:
        notify_event(private, world.server.store.scope("000000000000", "us-east-1"), "w", event_id)


def workflow_runs(world: World) -> list[tuple[str, dict[str, int]]]:
    runs = world.glue.get_workflow_runs(Name="w")["Runs"]
    return [(run["WorkflowRunProperties"]["aws:eventIds"], run["StartingEventBatchCondition"]) for run in runs]


def test_events_start_a_workflow_when_the_batch_is_full(events: World) -> None:
    notify(events, "e1")
    assert workflow_runs(events) == []
    notify(events, "e2", "e3")
    assert workflow_runs(events) == [("[e1, e2]", {"BatchSize": 2})]
    assert len(events.runs("j")) == 1


def test_events_start_a_workflow_at_the_end_of_the_window(events: World) -> None:
    notify(events, "e1")
    assert events.pass_time(seconds=59) == (START + timedelta(seconds=60)).timestamp()
    assert workflow_runs(events) == []
    assert events.pass_time(seconds=1) is None
    assert workflow_runs(events) == [("[e1]", {"BatchWindow": 60})]
    # The window starts with the first event of each batch.
    events.pass_time(seconds=30)
    notify(events, "e2")
    events.pass_time(seconds=59)
    assert len(workflow_runs(events)) == 1


def test_events_for_a_stopped_trigger_are_dropped(events: World) -> None:
    notify(events, "e1")
    events.glue.stop_trigger(Name="t")
    events.pass_time(seconds=60)
    notify(events, "e2", "e3")
    assert workflow_runs(events) == []
    events.glue.start_trigger(Name="t")
    notify(events, "e4", "e5")
    assert workflow_runs(events) == [("[e4, e5]", {"BatchSize": 2})]


def test_an_event_for_a_workflow_without_an_event_trigger_is_an_error(world: World) -> None:
    world.glue.create_workflow(Name="w")
    with pytest.raises(Invalid, match="Workflow w has no trigger of type EVENT"):
        notify(world, "e1")
