"""The definitions of crawlers."""

import json
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError

_NUMBERS = count()
TARGETS = {"S3Targets": [{"Path": "s3://lake/data/"}]}
CRON = "cron(15 2 * * ? *)"


@pytest.fixture
def glue(aws: Callable[..., Any]) -> Any:
    return aws("glue", f"{next(_NUMBERS):012d}")


def create(glue: Any, name: str = "c", **more: Any) -> None:
    glue.create_crawler(**{"Name": name, "Role": "r", "DatabaseName": "db", "Targets": TARGETS, **more})


def code(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    return str(refused.value.response["Error"]["Code"])


def test_a_crawler_has_awss_defaults(glue: Any) -> None:
    create(glue, TablePrefix="raw_", Schedule=CRON)
    crawler = glue.get_crawler(Name="c")["Crawler"]
    assert crawler["Targets"] == {
        **TARGETS,
        **dict.fromkeys(
            (
                "JdbcTargets",
                "MongoDBTargets",
                "DynamoDBTargets",
                "CatalogTargets",
                "DeltaTargets",
                "IcebergTargets",
                "HudiTargets",
            ),
            [],
        ),
    }
    assert crawler["SchemaChangePolicy"] == {
        "UpdateBehavior": "UPDATE_IN_DATABASE",
        "DeleteBehavior": "DEPRECATE_IN_DATABASE",
    }
    assert crawler["RecrawlPolicy"] == {"RecrawlBehavior": "CRAWL_EVERYTHING"}
    assert crawler["Schedule"] == {"ScheduleExpression": CRON, "State": "SCHEDULED"}
    assert (crawler["State"], crawler["Version"], crawler["TablePrefix"]) == ("READY", 1, "raw_")
    assert crawler["CrawlElapsedTime"] == 0


def test_an_update_keeps_what_is_not_given(glue: Any) -> None:
    create(glue, Description="old", Schedule=CRON)
    glue.update_crawler(Name="c", TablePrefix="new_")
    crawler = glue.get_crawler(Name="c")["Crawler"]
    assert (crawler["Description"], crawler["TablePrefix"], crawler["Version"]) == ("old", "new_", 2)
    assert crawler["Schedule"]["State"] == "SCHEDULED"
    glue.update_crawler(Name="c", Schedule="")
    assert "Schedule" not in glue.get_crawler(Name="c")["Crawler"]


def test_missing_and_existing_crawlers(glue: Any) -> None:
    create(glue)
    assert code(lambda: create(glue)) == "AlreadyExistsException"
    glue.delete_crawler(Name="c")
    for call in (glue.get_crawler, glue.delete_crawler, glue.start_crawler, glue.stop_crawler, glue.update_crawler):
        assert code(lambda call=call: call(Name="c")) == "EntityNotFoundException"
    assert code(lambda: glue.list_crawls(CrawlerName="c")) == "EntityNotFoundException"


def test_lists_have_pages_and_tags(glue: Any) -> None:
    for name in ("a", "b", "c"):
        create(glue, name, Tags={"team": "x"} if name != "b" else {})
    first = glue.list_crawlers(MaxResults=2)
    assert first["CrawlerNames"] == ["a", "b"]
    assert glue.list_crawlers(NextToken=first["NextToken"])["CrawlerNames"] == ["c"]
    assert glue.list_crawlers(Tags={"team": "x"})["CrawlerNames"] == ["a", "c"]
    assert [one["Name"] for page in glue.get_paginator("get_crawlers").paginate() for one in page["Crawlers"]] == [
        "a",
        "b",
        "c",
    ]
    found = glue.batch_get_crawlers(CrawlerNames=["a", "z"])
    assert [one["Name"] for one in found["Crawlers"]] == ["a"]
    assert found["CrawlersNotFound"] == ["z"]


def test_tags_by_arn(glue: Any, aws: Callable[..., Any]) -> None:
    glue = aws("glue", "111122223333")
    create(glue, Tags={"team": "x"})
    arn = "arn:aws:glue:us-east-1:111122223333:crawler/c"
    glue.tag_resource(ResourceArn=arn, TagsToAdd={"stage": "test"})
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"team": "x", "stage": "test"}


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"Targets": {}}, "At least one target"),
        ({"Targets": {"S3Targets": [{"Path": "lake/data"}]}}, "s3://bucket/prefix"),
        ({"Targets": {"S3Targets": [{"Path": "s3://lake/", "SampleSize": 250}]}}, "between 1 and 249"),
        ({"DatabaseName": ""}, "DatabaseName"),
        ({"Schedule": "rate(5 minutes)"}, "cron"),
        ({"Schedule": "cron(0 25 * * ? *)"}, "Hours"),
        ({"Configuration": "{"}, "not valid JSON"),
        ({"Configuration": "[" * 100_000}, "not valid JSON"),
        ({"Configuration": '{"Version": 1.0, "Grouping": {"TableLevelConfiguration": Infinity}}'}, "positive"),
        ({"Configuration": '{"Grouping": {}}'}, "Version"),
        ({"Configuration": '{"Version": 1.0, "Groupings": {}}'}, "unknown key Groupings"),
        ({"Configuration": json.dumps({"Version": 1.0, "Grouping": {"TableLevelConfiguration": 0}})}, "positive"),
        ({"RecrawlPolicy": {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"}}, "can have only LOG"),
        ({"Tags": {"aws:x": "y"}}, "reserved"),
    ],
)
def test_invalid_definitions_are_refused(glue: Any, members: dict[str, Any], message: str) -> None:
    with pytest.raises(ClientError, match=message) as refused:
        create(glue, **members)
    assert refused.value.response["Error"]["Code"] == "InvalidInputException"
    assert glue.list_crawlers()["CrawlerNames"] == []


@pytest.mark.parametrize(
    ("members", "what"),
    [
        ({"Targets": {"MongoDBTargets": [{"ConnectionName": "c", "Path": "db/c"}]}}, "MongoDB"),
        ({"Targets": {"DeltaTargets": [{"DeltaTables": ["s3://lake/t"], "ConnectionName": "vpc"}]}}, "ConnectionName"),
        ({"Targets": {"S3Targets": [{"Path": "s3://lake/", "ConnectionName": "vpc"}]}}, "ConnectionName"),
        ({"RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVENT_MODE"}}, "CRAWL_EVENT_MODE"),
    ],
)
def test_what_is_not_built_is_refused_by_name(glue: Any, members: dict[str, Any], what: str) -> None:
    with pytest.raises(ClientError, match=f"glue-local does not emulate.*{what}") as refused:
        create(glue, **members)
    assert refused.value.response["Error"]["Code"] == "NotEmulatedByGlueLocalException"
