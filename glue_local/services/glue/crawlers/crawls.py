"""Crawls: runs of crawlers, started, stopped and listed here; the server's crawl loop executes them."""

import re
from statistics import median
from typing import Any

from glue_local import crawler_runs
from glue_local.core.faults import Invalid
from glue_local.services.context import Context
from glue_local.services.glue.crawlers.lookup import find_crawler
from glue_local.services.paging import page_of_latest, page_of_names
from glue_local.store import Condition, Document, kinds
from glue_local.store.conditions import all_of, key_in

_PAGE = 20
_METRICS_PAGE = 100
_SHOWN = (
    "CrawlId",
    "State",
    "StartTime",
    "EndTime",
    "Summary",
    "ErrorMessage",
    "LogGroup",
    "LogStream",
    "MessagePrefix",
    "DPUHour",
)
_OPERATORS = {"GT": ">", "GE": ">=", "LT": "<", "LE": "<=", "EQ": "=", "NE": "<>"}
_FIELDS = {
    "CRAWL_ID": "CrawlId",
    "STATE": "State",
    "START_TIME": "StartTime",
    "END_TIME": "EndTime",
    "DPU_HOUR": "DPUHour",
}
_TIMES = ("START_TIME", "END_TIME")
_DPU_HOUR = "DPU_HOUR"
_DECIMAL = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")


def start_crawler(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """StartCrawler: start a crawl. Errors: EntityNotFoundException, CrawlerRunningException."""
    with ctx.documents.transaction():
        crawler_runs.start(ctx, ctx.documents, find_crawler(ctx, request["Name"]))
    return {}


def stop_crawler(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """StopCrawler: stop the crawl; what it has written to the Data Catalog remains.

    Errors: EntityNotFoundException, CrawlerNotRunningException, CrawlerStoppingException.
    """
    with ctx.documents.transaction():
        crawler_runs.stop(ctx, ctx.documents, find_crawler(ctx, request["Name"]))
    return {}


def list_crawls(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """ListCrawls: return a page of {Crawls, NextToken}, the latest first, of the crawls that meet all ``Filters``.

    Times in filters are milliseconds since the epoch. Errors: EntityNotFoundException, InvalidInputException.
    """
    name, filters = find_crawler(ctx, request["CrawlerName"])["Name"], request.get("Filters", [])
    condition = all_of([_filter(one) for one in filters])
    found, token = page_of_latest(
        ctx.documents, kinds.CRAWL, name, request, _PAGE, id_member="CrawlId", filters=filters, condition=condition
    )
    shown = [{member: crawl[member] for member in _SHOWN if member in crawl} for crawl in found]
    return {"Crawls": shown, "NextToken": token}


def get_crawler_metrics(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetCrawlerMetrics: return a page of {CrawlerMetricsList, NextToken}: durations in seconds, tables of the last crawl."""
    asked = request.get("CrawlerNameList")
    listing, condition = ("GetCrawlerMetrics", asked), key_in(asked) if asked else None
    found, token = page_of_names(
        ctx.documents, kinds.CRAWLER, request, _METRICS_PAGE, listing=listing, condition=condition
    )
    return {"CrawlerMetricsList": [_metrics(ctx, name) for name in found], "NextToken": token}


def _filter(one: dict[str, Any]) -> Condition:
    field, compare, text = one.get("FieldName"), one.get("FilterOperator"), one.get("FieldValue")
    if field is None or compare is None or text is None:
        raise Invalid("A filter needs FieldName, FilterOperator and FieldValue.")
    if field not in (*_TIMES, _DPU_HOUR) and compare not in ("EQ", "NE"):
        raise Invalid(f"{compare} is not supported for {field}, only EQ and NE.")
    if field in _TIMES and not (text.isascii() and text.isdigit() and len(text) <= len("253402300799000")):
        raise Invalid(f"{field} must be a time in milliseconds since the epoch, not {text}.")
    if field == _DPU_HOUR and not _DECIMAL.fullmatch(text):
        raise Invalid(f"{field} must be a number, not {text}.")
    value = int(text) / 1000 if field in _TIMES else float(text) if field == _DPU_HOUR else text
    return Condition(f"json_extract(document, '$.{_FIELDS[field]}') {_OPERATORS[compare]} ?", (value,))


def _metrics(ctx: Context, name: str) -> Document:
    ended = [crawl for crawl in ctx.documents.latest(kinds.CRAWL, name) if "EndTime" in crawl]
    seconds = [crawl["EndTime"] - crawl["StartTime"] for crawl in ended]
    changes = ended[0]["Changes"] if ended else {}
    return {
        "CrawlerName": name,
        "TimeLeftSeconds": 0.0,
        "StillEstimating": False,
        "LastRuntimeSeconds": seconds[0] if seconds else 0.0,
        "MedianRuntimeSeconds": median(seconds) if seconds else 0.0,
        **{f"Tables{what}": len(changes.get(f"Tables{what}", [])) for what in ("Created", "Updated", "Deleted")},
    }
