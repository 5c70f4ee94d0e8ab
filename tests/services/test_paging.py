"""Lists read a page and no more, however long the list is: measured by the steps of SQLite, not by time."""

import base64
import json
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from glue_local.server import Server
from glue_local.settings import Settings
from glue_local.store import Document, Documents

COUNT = 1000
PAGE = 10
MOST = 25  # what each of the lists accepts as MaxResults
# By operation: the kind of document, the arguments, and the member of the response.
LISTS = {
    "get_triggers": ("trigger", {}, "Triggers"),
    "list_triggers": ("trigger", {}, "TriggerNames"),
    "get_jobs": ("job", {}, "Jobs"),
    "list_jobs": ("job", {}, "JobNames"),
    "get_crawlers": ("crawler", {}, "Crawlers"),
    "list_crawlers": ("crawler", {}, "CrawlerNames"),
    "list_workflows": ("workflow", {}, "Workflows"),
    "list_crawls": ("crawl", {"CrawlerName": "c"}, "Crawls"),
    "get_job_runs": ("job_run", {"JobName": "j"}, "JobRuns"),
    "get_workflow_runs": ("workflow_run", {"Name": "w"}, "Runs"),
}
TAGGED = [f"n{number:04}" for number in range(0, COUNT, 10)]


class Lists:
    """A server with 1000 documents of each kind, a client, and a count of what the store does."""

    def __init__(self, server: Server) -> None:
        self.glue: Any = boto3.client(
            "glue",
            endpoint_url=server.endpoint,
            region_name="us-east-1",
            aws_access_key_id="000000000000",
            aws_secret_access_key="test",
        )
        self.documents = server.store.scope("000000000000", "us-east-1")
        self._connection: sqlite3.Connection = server.store._connection

    def steps(self, call: Callable[[], Any]) -> int:
        """Return how often SQLite's virtual machine has made ten steps."""
        counted = 0

        def count() -> int:
            nonlocal counted
            counted += 1
            return 0

        self._connection.set_progress_handler(count, 10)
        call()
        self._connection.set_progress_handler(None, 0)
        return counted

    def statements(self, call: Callable[[], Any]) -> int:
        """Return how many SQL statements a call executes."""
        seen: list[str] = []
        self._connection.set_trace_callback(seen.append)
        call()
        self._connection.set_trace_callback(None)
        return len(seen)


def chain(run_id: str) -> Document:
    """Return the chain of a workflow run that has started 20 job runs."""
    started = [{"JobName": "j"} for _ in range(20)]
    trigger = {"Name": "t", "Type": "ON_DEMAND", "State": "CREATED", "Actions": started}
    actions = [
        {"Trigger": "t", "Kind": "job", "Name": "j", "Run": f"n{number:04}", "State": "SUCCEEDED"}
        for number in range(20)
    ]
    return {"Id": run_id, "Workflow": "w", "Triggers": [trigger], "Fired": ["t"], "Actions": actions}


def fill(documents: Documents) -> None:
    crawler = {"State": "READY", "Targets": {}, "Version": 1}
    with documents.transaction():
        for number in range(COUNT):
            name = f"n{number:04}"
            action = {"JobName": "rare" if number % 100 == 0 else "j"}
            documents.write("job", name, doc={"Name": name})
            documents.write("workflow", name, doc={"Name": name})
            documents.write("crawler", name, doc={"Name": name, **crawler})
            trigger = {"Name": name, "Type": "ON_DEMAND", "State": "CREATED", "Actions": [{"JobName": "x"}, action]}
            documents.write("trigger", name, doc=trigger)
            if name in TAGGED:
                for kind in ("job", "crawler", "trigger"):
                    arn = f"arn:aws:glue:us-east-1:000000000000:{kind}/{name}"
                    documents.write("tags", arn, doc={"team": "data", 'odd "é"': ""})
            at = 1000.0 + number // 2
            crawl = {
                "CrawlId": name,
                "StartTime": at,
                "State": "FAILED" if number % 100 == 0 else "COMPLETED",
                "Changes": {},
            }
            if number != COUNT - 1:
                crawl["EndTime"] = at + 1
            documents.write("crawl", "c", name, doc=crawl)
            documents.write("job_run", "j", name, doc={"Id": name, "StartedOn": at, "JobName": "j"}, state="SUCCEEDED")
            run = {"WorkflowRunId": name, "Name": "w", "StartedOn": at, "Status": "COMPLETED"}
            documents.write("workflow_run", "w", name, doc=run, state="COMPLETED")
            documents.write("chain", name, doc=chain(name))
        documents.write("crawler", "c", doc={"Name": "c", **crawler})
        documents.write("workflow", "w", doc={"Name": "w"})


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lists]:
    folder = tmp_path_factory.mktemp("lists")
    with Server(Settings(port=0, data_dir=folder / "data", children=())) as server:
        # The loops would add their own statements.
        server.events.__exit__(None, None, None)
        server.schedule.__exit__(None, None, None)
        made = Lists(server)
        fill(made.documents)
        yield made


@pytest.mark.parametrize("operation", LISTS)
def test_a_page_costs_the_same_at_the_start_and_near_the_end_of_a_list(lists: Lists, operation: str) -> None:
    kind, arguments, member = LISTS[operation]
    call = getattr(lists.glue, operation)
    everything = lists.steps(lambda: lists.documents.scan(kind))
    last: dict[str, str] = {}
    while token := call(**arguments, **last, MaxResults=MOST).get("NextToken"):
        before_last, last = last, {"NextToken": token}
    for more in ({}, before_last):
        asked = {**arguments, **more, "MaxResults": PAGE}
        assert lists.steps(lambda asked=asked: call(**asked)) < everything / 5  # type: ignore[misc]
        assert lists.statements(lambda asked=asked: call(**asked)) <= 4  # type: ignore[misc]
        assert len(call(**asked)[member]) == PAGE


def test_graphs_of_workflow_runs_are_read_with_few_statements(lists: Lists) -> None:
    found = lists.glue.get_workflow_runs(Name="w", MaxResults=PAGE, IncludeGraph=True)["Runs"]
    job_runs = [
        len(node["JobDetails"]["JobRuns"]) for run in found for node in run["Graph"]["Nodes"] if node["Name"] == "j"
    ]
    assert job_runs == [20] * PAGE
    call = lambda: lists.glue.get_workflow_runs(Name="w", MaxResults=PAGE, IncludeGraph=True)  # noqa: E731
    # The list, its chains, and the first and the second attempts of each graph.
    assert lists.statements(call) <= 4 + 2 * PAGE


@pytest.mark.parametrize("operation", LISTS)
def test_the_pages_are_complete_and_in_order(lists: Lists, operation: str) -> None:
    kind, arguments, member = LISTS[operation]
    call, found = getattr(lists.glue, operation), []
    more: dict[str, str] = {}
    while True:
        answer = call(**arguments, **more, MaxResults=MOST)
        found += [one if isinstance(one, str) else one.get("Name", one) for one in answer[member]]
        if "NextToken" not in answer:
            break
        more = {"NextToken": answer["NextToken"]}
    assert len(found) == lists.documents.count(kind)
    if "Runs" in member or member == "Crawls":
        runs = call(**arguments, MaxResults=100)[member]
        times = [one.get("StartedOn", one.get("StartTime")) for one in runs]
        assert times == sorted(times, reverse=True)
    else:
        assert found == sorted(found)


@pytest.mark.parametrize("operation", ["list_jobs", "list_crawlers", "list_triggers"])
@pytest.mark.parametrize("tags", [{"team": "data"}, {"team": "data", 'odd "é"': ""}])
def test_tags_choose_names_in_pages(lists: Lists, operation: str, tags: dict[str, str]) -> None:
    call, member = getattr(lists.glue, operation), LISTS[operation][2]
    first = call(Tags=tags, MaxResults=60)
    last = call(Tags=tags, MaxResults=60, NextToken=first["NextToken"])
    assert first[member] + last[member] == TAGGED
    assert "NextToken" not in last
    assert call(Tags={**tags, "team": "other"})[member] == []


def test_a_job_chooses_the_triggers_that_start_it_or_all(lists: Lists) -> None:
    rare = [f"n{number:04}" for number in range(0, COUNT, 100)]
    assert lists.glue.list_triggers(DependentJobName="rare", MaxResults=200)["TriggerNames"] == rare
    assert lists.glue.list_triggers(DependentJobName="rare", Tags={"team": "data"})["TriggerNames"] == rare
    assert [one["Name"] for one in lists.glue.get_triggers(DependentJobName="rare")["Triggers"]] == rare
    first = lists.glue.get_triggers(DependentJobName="none", MaxResults=2)["Triggers"]
    assert [one["Name"] for one in first] == ["n0000", "n0001"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([("STATE", "EQ", "FAILED")], 10),
        ([("STATE", "NE", "FAILED")], 990),
        ([("CRAWL_ID", "EQ", "n0005")], 1),
        ([("START_TIME", "GE", "1499000")], 2),
        ([("START_TIME", "GT", "1499000")], 0),
        ([("START_TIME", "LT", "1001000"), ("STATE", "EQ", "COMPLETED")], 1),
        ([("END_TIME", "EQ", "1500000")], 1),  # the last crawl has not ended
        ([("END_TIME", "NE", "1")], 999),
    ],
)
def test_filters_choose_crawls_in_pages(lists: Lists, filters: list[tuple[str, str, str]], expected: int) -> None:
    names = ("FieldName", "FilterOperator", "FieldValue")
    given = [dict(zip(names, one, strict=True)) for one in filters]
    found: list[str] = []
    more: dict[str, str] = {}
    while True:
        answer = lists.glue.list_crawls(CrawlerName="c", Filters=given, MaxResults=99, **more)
        found += [crawl["CrawlId"] for crawl in answer["Crawls"]]
        if "NextToken" not in answer:
            break
        more = {"NextToken": answer["NextToken"]}
    assert len(set(found)) == len(found) == expected


def test_a_token_of_another_list_is_refused(lists: Lists) -> None:
    token = lists.glue.list_triggers(MaxResults=1)["NextToken"]
    for call in (
        lambda: lists.glue.list_crawlers(NextToken=token),
        lambda: lists.glue.list_triggers(NextToken=token, Tags={"team": "data"}),
        lambda: lists.glue.list_crawls(CrawlerName="c", NextToken=token),
    ):
        with pytest.raises(ClientError, match="Invalid token"):
            call()


@pytest.mark.parametrize(
    "after", ["\ud800", ["n0001"], 7, None, {}, [10**400, "n0001"], ["x", "n0001"], [1.0, "\ud800"]]
)
@pytest.mark.parametrize("operation", ["list_triggers", "list_crawls"])
def test_a_token_that_was_tampered_with_is_refused(lists: Lists, operation: str, after: Any) -> None:
    arguments = LISTS[operation][1]
    call = getattr(lists.glue, operation)
    digest, _ = json.loads(base64.urlsafe_b64decode(call(**arguments, MaxResults=1)["NextToken"]))
    token = base64.urlsafe_b64encode(json.dumps([digest, after]).encode()).decode()
    with pytest.raises(ClientError, match="Invalid token"):
        call(**arguments, NextToken=token)


def test_metrics_name_the_crawlers_that_were_asked_for(lists: Lists) -> None:
    found = lists.glue.get_crawler_metrics(CrawlerNameList=["n0003", "c", "none"])["CrawlerMetricsList"]
    assert [one["CrawlerName"] for one in found] == ["c", "n0003"]
    assert found[0]["MedianRuntimeSeconds"] == 1.0
