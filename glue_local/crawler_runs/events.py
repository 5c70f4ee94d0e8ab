"""The events "Glue Crawler State Change", which AWS sends for Started, Succeeded and Failed.

https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html
"""

from datetime import datetime, timezone
from typing import Any

from glue_local.crawler_runs.states import COMPLETED, FAILED
from glue_local.outbox import emit
from glue_local.store import Document, Documents
from glue_local.work import Context


def emit_started(ctx: Context, documents: Documents, crawl: Document) -> None:
    """Emit the event of a crawl that has started."""
    _emit(ctx, documents, crawl, "Started", {"startTime": _text(crawl["StartTime"])})


def emit_ended(ctx: Context, documents: Documents, crawl: Document) -> None:
    """Emit the event of a crawl that has ended. AWS documents none for a stopped one."""
    if crawl["State"] == COMPLETED:
        _emit(ctx, documents, crawl, "Succeeded", _succeeded(crawl))
    elif crawl["State"] == FAILED:
        _emit(ctx, documents, crawl, "Failed", {"errorMessage": crawl.get("ErrorMessage", "")})


def _succeeded(crawl: Document) -> dict[str, Any]:
    changes = crawl["Changes"]
    # AWS sends numbers as text.
    tables = {f"tables{what}": str(len(changes.get(f"Tables{what}", []))) for what in _CHANGES}
    partitions = {f"partitions{what}": str(changes.get(f"Partitions{what}", 0)) for what in _CHANGES}
    return {
        **tables,
        **partitions,
        "warningMessage": "N/A",
        "runningTime (sec)": str(int(crawl["EndTime"] - crawl["StartTime"])),
        "completionDate": _text(crawl["EndTime"]),
    }


_CHANGES = ("Created", "Updated", "Deleted")


def _emit(ctx: Context, documents: Documents, crawl: Document, state: str, more: dict[str, Any]) -> None:
    detail = {
        "accountId": documents.account,
        "crawlerName": crawl["CrawlerName"],
        "state": state,
        "message": f"Crawler {state}",
        **more,
    }
    emit(documents, ctx.ids, ctx.now, "Glue Crawler State Change", detail)


def _text(instant: float) -> str:
    return f"{datetime.fromtimestamp(instant, timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
