"""Whole crawls: by a state machine, of many partitions, and stopped."""

import json
import time
from collections.abc import Callable
from typing import Any

from tests.crawl.conftest import Lake, columns

ROW = '{"a": 1}\n'


def test_a_state_machine_starts_a_crawler_and_waits_for_it(lake: Lake, aws: Callable[..., Any]) -> None:
    lake.put({"data/a.json": ROW})
    name = lake.create()
    task = {"Type": "Task", "Parameters": {"Name": name}}
    states = {
        "Start": {**task, "Resource": "arn:aws:states:::aws-sdk:glue:startCrawler", "Next": "Get"},
        "Get": {**task, "Resource": "arn:aws:states:::aws-sdk:glue:getCrawler", "Next": "Ready"},
        "Ready": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.Crawler.State", "StringEquals": "READY", "Next": "Done"}],
            "Default": "Wait",
        },
        "Wait": {"Type": "Wait", "Seconds": 1, "Next": "Get"},
        "Done": {"Type": "Pass", "OutputPath": "$.Crawler.LastCrawl", "End": True},
    }
    sfn = aws("stepfunctions")
    definition = json.dumps({"StartAt": "Start", "States": states})
    machine = sfn.create_state_machine(name=name, definition=definition, roleArn="arn:aws:iam::000000000000:role/r")
    execution = sfn.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
    end = time.monotonic() + 60
    while (found := sfn.describe_execution(executionArn=execution))["status"] == "RUNNING":
        assert time.monotonic() < end
        time.sleep(0.05)
    assert (found["status"], json.loads(found["output"])["Status"]) == ("SUCCEEDED", "SUCCEEDED")
    assert columns(lake.table()) == {"a": "int"}


def test_hundreds_of_partitions_are_written_in_batches(lake: Lake) -> None:
    lake.put({f"data/day={day}/a.json": ROW for day in range(250)})
    crawler = lake.crawl()
    assert len(lake.partitions("data")) == 250
    [crawl] = lake.glue.list_crawls(CrawlerName=crawler)["Crawls"]
    assert json.loads(crawl["Summary"])["PARTITION"] == {"ADD": {"Count": 250}}


def test_a_running_crawl_stops(lake: Lake) -> None:
    lake.put({f"data/{number}.json": ROW for number in range(300)})
    name = lake.create()
    lake.glue.start_crawler(Name=name)
    lake.glue.stop_crawler(Name=name)
    end = time.monotonic() + 60
    while (crawler := lake.glue.get_crawler(Name=name)["Crawler"])["State"] != "READY":
        assert time.monotonic() < end
        time.sleep(0.02)
    assert crawler["LastCrawl"]["Status"] == "CANCELLED"
    assert lake.tables() == {}
    lake.crawl_again(name)
    assert set(lake.tables()) == {"data"}


def test_several_targets_and_formats_in_one_crawl(lake: Lake) -> None:
    lake.put({"orders/a.json": ROW, "people/a.csv": "id,name\n1,x\n", "empty/_SUCCESS": "x"})
    paths = [f"s3://{lake.bucket}/{folder}" for folder in ("orders", "people", "empty", "nothing")]
    lake.crawl(Targets={"S3Targets": [{"Path": path} for path in paths]})
    assert set(lake.tables()) == {"orders", "people"}


def test_the_whole_bucket(lake: Lake) -> None:
    lake.put({"orders/a.json": ROW})
    lake.crawl("")
    assert set(lake.tables()) == {"orders"}
