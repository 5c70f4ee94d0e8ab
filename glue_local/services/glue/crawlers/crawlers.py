"""Crawlers: definitions that create and update tables of the Data Catalog from data in S3."""

from typing import Any

from glue_local.core import arns
from glue_local.core.faults import Conflict, Exists
from glue_local.crawler_runs.states import READY
from glue_local.orchestrate.crawler_schedules import SCHEDULED, remove_crawler, store_crawler
from glue_local.services.context import Context
from glue_local.services.glue.crawlers.definitions import MEMBERS, check_crawler, with_defaults
from glue_local.services.glue.crawlers.lookup import find_crawler, shown_crawler
from glue_local.services.paging import page_of_documents, page_of_names
from glue_local.services.tagged_resources import check_tag_names
from glue_local.store import Document, kinds
from glue_local.store.conditions import with_tags

_PAGE = 100


def create_crawler(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreateCrawler: store a crawler in state READY; with ``Schedule`` it is SCHEDULED.

    Errors: AlreadyExistsException, InvalidInputException.
    """
    name, now = request["Name"], ctx.now
    check_tag_names(request.get("Tags", {}))
    crawler: Document = {
        "Name": name,
        **{member: request[member] for member in MEMBERS if member in request},
        **_schedule(request, SCHEDULED),
        "State": READY,
        "CreationTime": now,
        "LastUpdated": now,
        "Version": 1,
    }
    check_crawler(ctx, crawler)
    with ctx.documents.transaction():
        if ctx.documents.read(kinds.CRAWLER, name) is not None:
            raise Exists(f"Crawler with name {name} already exists")
        store_crawler(ctx, ctx.documents, with_defaults(crawler))
        if request.get("Tags"):
            ctx.documents.write(kinds.TAGS, arns.crawler(ctx.region, ctx.account, name), doc=dict(request["Tags"]))
    return {}


def update_crawler(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateCrawler: change the given members and keep the others; an empty ``Schedule`` removes the schedule.

    Errors: EntityNotFoundException, CrawlerRunningException, InvalidInputException.
    """
    with ctx.documents.transaction():
        before = find_crawler(ctx, request["Name"])
        _check_not_running(before)
        state = before.get("Schedule", {}).get("State", SCHEDULED)
        kept = {member: value for member, value in before.items() if "Schedule" not in request or member != "Schedule"}
        crawler = {
            **kept,
            **{member: request[member] for member in MEMBERS if member in request},
            **_schedule(request, state),
            "LastUpdated": ctx.now,
            "Version": before["Version"] + 1,
        }
        check_crawler(ctx, crawler)
        store_crawler(ctx, ctx.documents, with_defaults(crawler), before)
    return {}


def delete_crawler(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteCrawler: delete a crawler and its history; its tables remain.

    Errors: EntityNotFoundException, CrawlerRunningException.
    """
    with ctx.documents.transaction():
        crawler = find_crawler(ctx, request["Name"])
        _check_not_running(crawler)
        remove_crawler(ctx.documents, crawler)
        ctx.documents.remove(kinds.TAGS, arns.crawler(ctx.region, ctx.account, crawler["Name"]))
    return {}


def get_crawler(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetCrawler: return {Crawler}. Errors: EntityNotFoundException."""
    return {"Crawler": shown_crawler(ctx, find_crawler(ctx, request["Name"]))}


def get_crawlers(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetCrawlers: return a page of {Crawlers, NextToken}, by name."""
    found, token = page_of_documents(ctx.documents, kinds.CRAWLER, request, _PAGE, listing=("GetCrawlers",))
    return {"Crawlers": [shown_crawler(ctx, crawler) for crawler in found], "NextToken": token}


def batch_get_crawlers(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchGetCrawlers: return {Crawlers, CrawlersNotFound}."""
    found = {name: ctx.documents.read(kinds.CRAWLER, name) for name in request["CrawlerNames"]}
    return {
        "Crawlers": [shown_crawler(ctx, crawler) for crawler in found.values() if crawler],
        "CrawlersNotFound": [name for name, crawler in found.items() if not crawler],
    }


def list_crawlers(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """ListCrawlers: return a page of {CrawlerNames, NextToken}, of the crawlers with all of ``Tags``."""
    tags = request.get("Tags", {})
    condition = with_tags(arns.crawler(ctx.region, ctx.account, ""), tags)
    listing = ("ListCrawlers", tags)
    found, token = page_of_names(ctx.documents, kinds.CRAWLER, request, _PAGE, listing=listing, condition=condition)
    return {"CrawlerNames": found, "NextToken": token}


def _schedule(request: dict[str, Any], state: str) -> Document:
    expression = request.get("Schedule")
    return {"Schedule": {"ScheduleExpression": expression, "State": state}} if expression else {}


def _check_not_running(crawler: Document) -> None:
    if crawler["State"] != READY:
        raise Conflict(
            f"Crawler with name {crawler['Name']} is running and cannot be changed: stop it first",
            code="CrawlerRunningException",
        )
