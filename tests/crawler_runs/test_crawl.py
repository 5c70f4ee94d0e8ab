"""The life of a crawl, through Glue's API and on a restarted server."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from glue_local import crawler_runs, work
from glue_local.crawler_runs.crawl import OFFER
from glue_local.server import Server
from glue_local.settings import Settings

TARGETS = {"S3Targets": [{"Path": "s3://lake/data/"}]}


class Holder:
    """A server whose crawls the test holds: the server's loops do not execute them."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.glue = client(server, "glue")
        self.glue.create_crawler(Name="c", Role="r", DatabaseName="db", Targets=TARGETS)

    def claim(self) -> work.Claimed:
        claimed = work.claim(self.server.private, [crawler_runs.CRAWL], "embedded-test", [OFFER])
        assert claimed is not None
        work.begun(self.server.private, crawler_runs.CRAWL, claimed.work_id, claimed.claim["claim"])
        return claimed

    def finish(self, claimed: work.Claimed, state: str, message: str | None = None) -> None:
        ending = work.Ending(state, message)
        work.finish(self.server.private, crawler_runs.CRAWL, claimed.work_id, claimed.claim["claim"], ending)

    def crawler(self) -> dict[str, Any]:
        return dict(self.glue.get_crawler(Name="c")["Crawler"])


def client(server: Server, service: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id="000000000000",
        aws_secret_access_key="test",
    )


@pytest.fixture
def holder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("glue_local.server._CRAWL_LOOPS", 0)
    with Server(Settings(port=0, data_dir=tmp_path, children=())) as server:
        yield Holder(server)


def code(call: Callable[..., Any], **members: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**members)
    return str(refused.value.response["Error"]["Code"])


def test_a_running_crawler_cannot_be_started_changed_or_deleted(holder: Holder) -> None:
    glue = holder.glue
    assert code(glue.stop_crawler, Name="c") == "CrawlerNotRunningException"
    glue.start_crawler(Name="c")
    assert holder.crawler()["State"] == "RUNNING"
    for call in (glue.start_crawler, glue.update_crawler, glue.delete_crawler):
        assert code(call, Name="c") == "CrawlerRunningException"
    claimed = holder.claim()
    time.sleep(0.01)
    assert holder.crawler()["CrawlElapsedTime"] > 0
    [crawl] = glue.list_crawls(CrawlerName="c")["Crawls"]
    assert (crawl["State"], crawl["LogGroup"], crawl["LogStream"]) == ("RUNNING", "/aws-glue/crawlers", "c")
    holder.finish(claimed, "COMPLETED")
    crawler = holder.crawler()
    assert (crawler["State"], crawler["LastCrawl"]["Status"]) == ("READY", "SUCCEEDED")
    assert crawler["LastCrawl"]["MessagePrefix"] == crawl["CrawlId"] == crawl["MessagePrefix"]
    assert crawler["LastCrawl"]["LogGroup"] == "/aws-glue/crawlers"
    glue.delete_crawler(Name="c")


def test_stopping(holder: Holder) -> None:
    glue = holder.glue
    glue.start_crawler(Name="c")
    claimed = holder.claim()
    glue.stop_crawler(Name="c")
    assert holder.crawler()["State"] == "STOPPING"
    assert code(glue.stop_crawler, Name="c") == "CrawlerStoppingException"
    holder.finish(claimed, "STOPPED")
    assert holder.crawler()["LastCrawl"]["Status"] == "CANCELLED"
    assert glue.list_crawls(CrawlerName="c")["Crawls"][0]["State"] == "STOPPED"


def test_a_crawl_that_nobody_executes_yet_is_stopped_immediately(holder: Holder) -> None:
    holder.glue.start_crawler(Name="c")
    holder.glue.stop_crawler(Name="c")
    assert (holder.crawler()["State"], holder.crawler()["LastCrawl"]["Status"]) == ("READY", "CANCELLED")


def test_history_and_metrics(holder: Holder) -> None:
    glue = holder.glue
    for state, message in (("COMPLETED", None), ("FAILED", "broken"), ("COMPLETED", None)):
        glue.start_crawler(Name="c")
        holder.finish(holder.claim(), state, message)
        time.sleep(0.002)
    assert [one["State"] for one in glue.list_crawls(CrawlerName="c")["Crawls"]] == ["COMPLETED", "FAILED", "COMPLETED"]
    first = glue.list_crawls(CrawlerName="c", MaxResults=2)
    [last] = glue.list_crawls(CrawlerName="c", MaxResults=2, NextToken=first["NextToken"])["Crawls"]
    failed = [{"FieldName": "STATE", "FilterOperator": "EQ", "FieldValue": "FAILED"}]
    assert [one["ErrorMessage"] for one in glue.list_crawls(CrawlerName="c", Filters=failed)["Crawls"]] == ["broken"]
    time_of_first = str(int(last["StartTime"].timestamp() * 1000) + 1)
    later = [{"FieldName": "START_TIME", "FilterOperator": "GT", "FieldValue": time_of_first}]
    assert len(glue.list_crawls(CrawlerName="c", Filters=later)["Crawls"]) == 2
    bad = [{"FieldName": "STATE", "FilterOperator": "GT", "FieldValue": "FAILED"}]
    assert code(glue.list_crawls, CrawlerName="c", Filters=bad) == "InvalidInputException"
    [metrics] = glue.get_crawler_metrics(CrawlerNameList=["c", "other"])["CrawlerMetricsList"]
    assert (metrics["CrawlerName"], metrics["StillEstimating"], metrics["TablesCreated"]) == ("c", False, 0)
    assert metrics["LastRuntimeSeconds"] >= 0


def test_a_killed_server_leaves_no_crawl_hanging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glue_local.server._CRAWL_LOOPS", 0)
    settings = Settings(port=0, data_dir=tmp_path, children=())
    with Server(settings) as server:
        holder = Holder(server)
        holder.glue.start_crawler(Name="c")
        holder.claim()
    with Server(settings) as server:
        crawler = client(server, "glue").get_crawler(Name="c")["Crawler"]
    assert (crawler["State"], crawler["LastCrawl"]["Status"]) == ("READY", "FAILED")
    assert crawler["LastCrawl"]["ErrorMessage"] == "The server ended before this crawl did."


def test_a_queued_crawl_is_executed_by_the_next_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(port=0, data_dir=tmp_path, children=())
    with monkeypatch.context() as patched:
        patched.setattr("glue_local.server._CRAWL_LOOPS", 0)
        with Server(settings) as server:
            Holder(server).glue.start_crawler(Name="c")
    with Server(settings) as server:
        glue = client(server, "glue")
        end = time.monotonic() + 60
        while glue.get_crawler(Name="c")["Crawler"]["State"] != "READY":
            assert time.monotonic() < end
            time.sleep(0.02)
        # The bucket does not exist: S3's objects do not survive a restart.
        assert "NoSuchBucket" in glue.get_crawler(Name="c")["Crawler"]["LastCrawl"]["ErrorMessage"]


def test_the_log_has_the_message_prefix(endpoint: Server) -> None:
    glue, s3 = client(endpoint, "glue"), client(endpoint, "s3")
    s3.create_bucket(Bucket="lake")
    s3.put_object(Bucket="lake", Key="data/a.json", Body='{"a": 1}')
    glue.create_crawler(Name="logged", Role="r", DatabaseName="db", Targets=TARGETS)
    glue.start_crawler(Name="logged")
    while (crawler := glue.get_crawler(Name="logged")["Crawler"])["State"] != "READY":
        time.sleep(0.02)
    last = crawler["LastCrawl"]
    events = client(endpoint, "logs").get_log_events(logGroupName=last["LogGroup"], logStreamName=last["LogStream"])
    messages = [event["message"] for event in events["events"]]
    assert all(message.startswith(f"[{last['MessagePrefix']}] ") for message in messages)
    assert any("Created table data in database db" in message for message in messages)
