"""Crawlers that schedules, triggers and workflows start, on a server with a clock that the test sets.

The server's crawl loops are off: the test ends the crawls.
"""

import json
from typing import Any

import pytest

from glue_local import crawler_runs, work
from glue_local.crawler_runs.crawl import OFFER

from .conftest import World

TARGETS = {"S3Targets": [{"Path": "s3://lake/data/"}]}


@pytest.fixture(autouse=True)
def _without_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glue_local.server._CRAWL_LOOPS", 0)


def create(world: World, name: str = "c", **more: Any) -> None:
    world.glue.create_crawler(Name=name, Role="r", DatabaseName="db", Targets=TARGETS, **more)


def end(world: World, state: str = "COMPLETED", message: str | None = None) -> None:
    """End the oldest crawl."""
    private = world.server.private
    claimed = work.claim(private, [crawler_runs.CRAWL], "w", [OFFER])
    assert claimed is not None
    work.begun(private, crawler_runs.CRAWL, claimed.work_id, claimed.claim["claim"])
    work.finish(private, crawler_runs.CRAWL, claimed.work_id, claimed.claim["claim"], work.Ending(state, message))
    world.settle()


def starts(world: World, name: str = "c") -> list[str]:
    """Return when the crawls of a crawler started, the earliest first."""
    crawls = world.glue.list_crawls(CrawlerName=name)["Crawls"]
    return [f"{crawl['StartTime'].astimezone(world.clock.now.tzinfo):%d %H:%M}" for crawl in reversed(crawls)]


def test_a_schedule_starts_a_crawler(world: World) -> None:
    create(world, Schedule="cron(0 13 * * ? *)")
    for _ in range(2):
        world.follow_timers(world.clock.now.replace(hour=14))
        end(world)
        world.pass_time(days=1, hours=-2)
    assert starts(world) == ["02 13:00", "03 13:00"]


def test_a_time_at_which_it_is_running_is_skipped(world: World) -> None:
    create(world, Schedule="cron(0/10 13 * * ? *)")
    world.follow_timers("2026-03-02 13:25")
    end(world)
    world.follow_timers("2026-03-02 13:35")
    assert starts(world) == ["02 13:00", "02 13:30"]


def test_a_stopped_replaced_or_deleted_schedule_starts_nothing(world: World) -> None:
    for name in ("stopped", "removed", "deleted", "moved"):
        create(world, name, Schedule="cron(0 13 * * ? *)")
    world.glue.stop_crawler_schedule(CrawlerName="stopped")
    world.glue.update_crawler(Name="removed", Schedule="")
    world.glue.delete_crawler(Name="deleted")
    world.glue.update_crawler_schedule(CrawlerName="moved", Schedule="cron(0 15 * * ? *)")
    world.follow_timers("2026-03-02 14:00")
    assert [starts(world, name) for name in ("stopped", "removed", "moved")] == [[], [], []]
    world.glue.start_crawler_schedule(CrawlerName="stopped")
    world.follow_timers("2026-03-03 14:00")
    assert starts(world, "stopped") == ["03 13:00"]
    assert starts(world, "moved") == ["02 15:00"]


def test_a_missed_time_is_skipped_after_five_minutes(world: World) -> None:
    create(world, Schedule="cron(0 13 * * ? *)")
    world.set("2026-03-02 13:06")
    assert starts(world) == []
    world.set("2026-03-03 13:04")
    assert starts(world) == ["03 13:04"]


@pytest.fixture
def flow(world: World) -> World:
    """The workflow w: start → crawler c → job j if it has succeeded, job failed if it has failed."""
    create(world)
    world.job("j", "failed")
    world.glue.create_workflow(Name="w")
    world.glue.create_trigger(Name="start", WorkflowName="w", Type="ON_DEMAND", Actions=[{"CrawlerName": "c"}])
    for job, state in (("j", "SUCCEEDED"), ("failed", "FAILED")):
        condition = {"LogicalOperator": "EQUALS", "CrawlerName": "c", "CrawlState": state}
        world.glue.create_trigger(
            Name=f"after-{job}",
            WorkflowName="w",
            Type="CONDITIONAL",
            StartOnCreation=True,
            Predicate={"Conditions": [condition]},
            Actions=[{"JobName": job}],
        )
    return world


def run(world: World, run_id: str) -> Any:
    return world.glue.get_workflow_run(Name="w", RunId=run_id, IncludeGraph=True)["Run"]


def crawls(found: Any) -> list[Any]:
    [node] = [node for node in found["Graph"]["Nodes"] if node["Type"] == "CRAWLER"]
    return list(node.get("CrawlerDetails", {}).get("Crawls", []))


def test_a_crawler_starts_a_job_in_a_workflow(flow: World) -> None:
    run_id = flow.glue.start_workflow_run(Name="w")["RunId"]
    found = run(flow, run_id)
    assert [crawl["State"] for crawl in crawls(found)] == ["RUNNING"]
    assert found["Statistics"]["RunningActions"] == 1
    end(flow)
    assert flow.end_all() == ["j"]
    found = run(flow, run_id)
    assert (found["Status"], found["Statistics"]["SucceededActions"]) == ("COMPLETED", 2)
    [crawl] = crawls(found)
    assert (crawl["State"], crawl["LogGroup"], crawl["LogStream"]) == ("SUCCEEDED", "/aws-glue/crawlers", "c")
    assert crawl["CompletedOn"] >= crawl["StartedOn"]


def test_a_failed_crawler_fires_its_own_trigger(flow: World) -> None:
    run_id = flow.glue.start_workflow_run(Name="w")["RunId"]
    end(flow, "FAILED", "broken")
    assert flow.end_all() == ["failed"]
    found = run(flow, run_id)
    assert [(one["State"], one["ErrorMessage"]) for one in crawls(found)] == [("FAILED", "broken")]
    assert found["Statistics"]["FailedActions"] == 1


@pytest.mark.parametrize(("change", "state"), [("running", "FAILED"), ("deleted", "ERROR")])
def test_a_crawler_that_cannot_be_started(flow: World, change: str, state: str) -> None:
    if change == "running":
        flow.glue.start_crawler(Name="c")
    else:
        flow.glue.delete_crawler(Name="c")
    run_id = flow.glue.start_workflow_run(Name="w")["RunId"]
    flow.settle()
    assert [one["State"] for one in crawls(run(flow, run_id))] == [state]
    assert flow.end_all() == (["failed"] if state == "FAILED" else [])
    assert run(flow, run_id)["Status"] == "COMPLETED"


def test_stopping_a_workflow_run_stops_its_crawler(flow: World) -> None:
    run_id = flow.glue.start_workflow_run(Name="w")["RunId"]
    flow.glue.stop_workflow_run(Name="w", RunId=run_id)
    flow.settle()
    found = run(flow, run_id)
    assert (found["Status"], [one["State"] for one in crawls(found)]) == ("STOPPED", ["CANCELLED"])
    assert found["Statistics"]["StoppedActions"] == 1
    assert flow.glue.get_crawler(Name="c")["Crawler"]["State"] == "READY"


def test_a_crawl_that_no_trigger_started_fires_nothing(world: World) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/about-triggers.html"""
    create(world)
    world.job("j")
    condition = {"LogicalOperator": "EQUALS", "CrawlerName": "c", "CrawlState": "SUCCEEDED"}
    predicate = {"Conditions": [condition]}
    actions = [{"JobName": "j"}]
    world.glue.create_trigger(
        Name="then", Type="CONDITIONAL", StartOnCreation=True, Predicate=predicate, Actions=actions
    )
    world.glue.create_trigger(Name="start", Type="ON_DEMAND", Actions=[{"CrawlerName": "c"}])
    world.glue.start_crawler(Name="c")
    end(world)
    assert world.end_all() == []
    world.glue.start_trigger(Name="start")
    end(world)
    assert world.end_all() == ["j"]


def test_the_summary_names_what_was_changed(world: World) -> None:
    create(world)
    world.glue.start_crawler(Name="c")
    private = world.server.private
    claimed = work.claim(private, [crawler_runs.CRAWL], "w", [OFFER])
    assert claimed is not None
    work.begun(private, crawler_runs.CRAWL, claimed.work_id, claimed.claim["claim"])
    changes = {"Changes": {"TablesDeleted": ["t"], "PartitionsUpdated": 3}}
    work.finish(private, crawler_runs.CRAWL, claimed.work_id, claimed.claim["claim"], work.Ending("COMPLETED"), changes)
    [crawl] = world.glue.list_crawls(CrawlerName="c")["Crawls"]
    assert json.loads(crawl["Summary"]) == {
        "TABLE": {"DELETE": {"Details": {"names": ["t"]}, "Count": 1}},
        "PARTITION": {"UPDATE": {"Count": 3}},
    }
