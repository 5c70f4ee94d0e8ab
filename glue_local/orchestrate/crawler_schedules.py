"""Store and delete crawlers with the timers of their schedules, and start those that are due."""

from glue_local import crawler_runs
from glue_local.core.faults import Conflict, Invalid
from glue_local.orchestrate.schedules import parse_schedule
from glue_local.store import Document, Documents, kinds
from glue_local.store.timers import Timer, clear_timer, set_timer, timer_at
from glue_local.work import Context

SCHEDULED, NOT_SCHEDULED = "SCHEDULED", "NOT_SCHEDULED"


def check_schedule(ctx: Context, expression: str) -> None:
    """Raise Invalid for a schedule that AWS refuses: crawlers have cron expressions only."""
    if not expression.strip().startswith("cron("):
        raise Invalid(f"Invalid schedule expression {expression}: it must be cron(…).")
    parse_schedule(expression, ctx.now)


def store_crawler(ctx: Context, documents: Documents, crawler: Document, before: Document | None = None) -> None:
    """Store a crawler, with ``before`` as its replacement, and update its timer. Call it in a transaction."""
    name, schedule = crawler["Name"], crawler.get("Schedule", {})
    documents.write(kinds.CRAWLER, name, doc=crawler)
    if schedule.get("State") != SCHEDULED:
        clear_timer(documents, kinds.CRAWLER, name)
    elif schedule != (before or {}).get("Schedule"):
        _set_timer(ctx, documents, name, schedule["ScheduleExpression"])


def remove_crawler(documents: Documents, crawler: Document) -> None:
    """Delete a crawler with its history and schedule."""
    name = crawler["Name"]
    clear_timer(documents, kinds.CRAWLER, name)
    documents.remove(kinds.CRAWLER, name)
    for kind in (kinds.CRAWL, kinds.CRAWLED):
        documents.remove_under(kind, name)


def start_due(ctx: Context, documents: Documents, timer: Timer, max_delay: float) -> None:
    """Start the crawler of a timer that is due, and set the timer's next time in the same transaction.

    Skips a time at which the crawler is running, and times that were missed by more than ``max_delay`` seconds.
    """
    name = timer.key[-1]
    with ctx.store.transaction():
        crawler = documents.read(kinds.CRAWLER, name)
        if crawler is None or timer_at(documents, *timer.key) != timer.at:
            return
        expression = crawler["Schedule"]["ScheduleExpression"]
        _set_timer(ctx, documents, name, expression)
        latest = parse_schedule(expression, ctx.now)(ctx.now - max_delay)
        if latest is None or latest > ctx.now:
            return
        try:
            crawler_runs.start(ctx, documents, crawler)
        except Conflict:
            return


def _set_timer(ctx: Context, documents: Documents, name: str, expression: str) -> None:
    at = parse_schedule(expression, ctx.now)(ctx.now)
    if at is None:
        clear_timer(documents, kinds.CRAWLER, name)
    else:
        set_timer(documents, kinds.CRAWLER, name, at=at)
