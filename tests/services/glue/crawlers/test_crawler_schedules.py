"""The schedules of crawlers."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

TARGETS = {"S3Targets": [{"Path": "s3://lake/data/"}]}
CRON = "cron(15 2 * * ? *)"


@pytest.fixture
def glue(aws: Callable[..., Any], request: pytest.FixtureRequest) -> Any:
    client = aws("glue", f"{abs(hash(request.node.name)) % 10**12:012d}")
    client.create_crawler(Name="c", Role="r", DatabaseName="db", Targets=TARGETS)
    return client


def code(call: Callable[..., Any], **members: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(CrawlerName="c", **members)
    return str(refused.value.response["Error"]["Code"])


def schedule(glue: Any) -> Any:
    return glue.get_crawler(Name="c")["Crawler"].get("Schedule")


def test_a_schedule_is_stopped_and_started(glue: Any) -> None:
    assert code(glue.start_crawler_schedule) == "NoScheduleException"
    assert code(glue.stop_crawler_schedule) == "SchedulerNotRunningException"
    glue.update_crawler_schedule(CrawlerName="c", Schedule=CRON)
    assert schedule(glue) == {"ScheduleExpression": CRON, "State": "SCHEDULED"}
    assert code(glue.start_crawler_schedule) == "SchedulerRunningException"
    glue.stop_crawler_schedule(CrawlerName="c")
    assert schedule(glue)["State"] == "NOT_SCHEDULED"
    assert code(glue.stop_crawler_schedule) == "SchedulerNotRunningException"
    glue.start_crawler_schedule(CrawlerName="c")
    assert schedule(glue)["State"] == "SCHEDULED"


def test_a_schedule_is_replaced_and_removed(glue: Any) -> None:
    glue.update_crawler_schedule(CrawlerName="c", Schedule=CRON)
    glue.stop_crawler_schedule(CrawlerName="c")
    glue.update_crawler_schedule(CrawlerName="c", Schedule="cron(0 3 * * ? *)")
    assert schedule(glue) == {"ScheduleExpression": "cron(0 3 * * ? *)", "State": "NOT_SCHEDULED"}
    glue.update_crawler_schedule(CrawlerName="c", Schedule="")
    assert schedule(glue) is None
    assert code(glue.update_crawler_schedule, Schedule="daily") == "InvalidInputException"
