"""The schedules of crawlers."""

from typing import Any

from glue_local.core.faults import Conflict, Invalid
from glue_local.orchestrate.crawler_schedules import NOT_SCHEDULED, SCHEDULED, check_schedule, store_crawler
from glue_local.services.context import Context
from glue_local.services.glue.crawlers.lookup import find_crawler
from glue_local.store import Document


def update_crawler_schedule(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateCrawlerSchedule: replace the schedule; an empty one removes it. Works while the crawler is running.

    Errors: EntityNotFoundException, InvalidInputException.
    """
    with ctx.documents.transaction():
        before = find_crawler(ctx, request["CrawlerName"])
        crawler = {member: value for member, value in before.items() if member != "Schedule"}
        if request.get("Schedule"):
            check_schedule(ctx, request["Schedule"])
            state = before.get("Schedule", {}).get("State", SCHEDULED)
            crawler["Schedule"] = {"ScheduleExpression": request["Schedule"], "State": state}
        elif "Schedule" not in request:
            raise Invalid("Schedule cannot be null.")
        store_crawler(ctx, ctx.documents, crawler, before)
    return {}


def start_crawler_schedule(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """StartCrawlerSchedule: SCHEDULED again. Errors: EntityNotFoundException, NoScheduleException, SchedulerRunningException."""
    with ctx.documents.transaction():
        crawler = find_crawler(ctx, request["CrawlerName"])
        if "Schedule" not in crawler:
            raise Conflict(f"Crawler {crawler['Name']} has no schedule.", code="NoScheduleException")
        if crawler["Schedule"]["State"] == SCHEDULED:
            raise Conflict(
                f"The schedule of crawler {crawler['Name']} is already running.", code="SchedulerRunningException"
            )
        _set(ctx, crawler, SCHEDULED)
    return {}


def stop_crawler_schedule(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """StopCrawlerSchedule: NOT_SCHEDULED; a running crawl continues.

    Errors: EntityNotFoundException, SchedulerNotRunningException.
    """
    with ctx.documents.transaction():
        crawler = find_crawler(ctx, request["CrawlerName"])
        if crawler.get("Schedule", {}).get("State") != SCHEDULED:
            raise Conflict(
                f"The schedule of crawler {crawler['Name']} is not running.", code="SchedulerNotRunningException"
            )
        _set(ctx, crawler, NOT_SCHEDULED)
    return {}


def _set(ctx: Context, crawler: Document, state: str) -> None:
    store_crawler(ctx, ctx.documents, {**crawler, "Schedule": {**crawler["Schedule"], "State": state}}, crawler)
