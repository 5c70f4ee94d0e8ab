"""A crawl, one run of a crawler, as a kind of work: how it starts, stops and ends.

A crawl is ``{"CrawlerName", "CrawlId", "State", "StartTime", …}`` with the members of AWS's CrawlerHistory, and
``Changes``: names of tables and numbers of partitions that it created, updated and deleted.
"""

import json

from glue_local import prices
from glue_local.core.faults import Conflict
from glue_local.crawler_runs.events import emit_ended, emit_started
from glue_local.crawler_runs.states import FAILED, LAST_CRAWL_STATUS, QUEUED, READY, RUNNING, STATES, STOPPED, STOPPING
from glue_local.runs.endings import report
from glue_local.store import Document, Documents, Key, kinds
from glue_local.work import Context, Ending, Kind, end, enqueue, is_claimed, move

LOG_GROUP = "/aws-glue/crawlers"
OFFER = "crawl"
"""What a process that crawls offers."""

_LONGEST_MESSAGE = 2048


def start(ctx: Context, documents: Documents, crawler: Document) -> str:
    """Start a crawler and return the id of its crawl. Raises Conflict if it is running."""
    name = crawler["Name"]
    if crawler["State"] != READY:
        raise Conflict(f"Crawler with name {name} has already started", code="CrawlerRunningException")
    crawl = {
        "CrawlerName": name,
        "CrawlId": ctx.ids.uuid(),
        "StartTime": ctx.now,
        "LogGroup": LOG_GROUP,
        # Characters that CloudWatch does not allow in the name of a stream.
        "LogStream": name.translate({ord(":"): "_", ord("*"): "_"}),
        "Changes": {},
    }
    crawl["MessagePrefix"] = crawl["CrawlId"]
    with ctx.store.transaction():
        enqueue(ctx, CRAWL, documents, crawl)
        documents.write(kinds.CRAWLER, name, doc={**crawler, "State": RUNNING, "CurrentCrawl": crawl["CrawlId"]})
        emit_started(ctx, documents, crawl)
    return str(crawl["CrawlId"])


def stop(ctx: Context, documents: Documents, crawler: Document) -> None:
    """Stop a crawler: STOPPING until its crawl has stopped, READY immediately if nobody executes it yet.

    Raises Conflict if it is not running or already stopping.
    """
    name = crawler["Name"]
    if crawler["State"] == READY:
        raise Conflict(f"Crawler with name {name} isn't running", code="CrawlerNotRunningException")
    if crawler["State"] == STOPPING:
        raise Conflict(f"Crawler with name {name} is already stopping", code="CrawlerStoppingException")
    crawl = read_crawl(documents, name, crawler["CurrentCrawl"]) or {}
    with ctx.store.transaction():
        if is_claimed(documents, crawl["CrawlId"]):
            move(ctx, CRAWL, documents, crawl, Ending(STOPPING))
            documents.write(kinds.CRAWLER, name, doc={**crawler, "State": STOPPING})
        else:
            end(ctx, CRAWL, documents, crawl, Ending(STOPPED))


def read_crawl(documents: Documents, crawler: str, crawl_id: str) -> Document | None:
    """Return a crawl of a crawler, or None if it does not exist."""
    return documents.read(kinds.CRAWL, crawler, crawl_id)


def summary(changes: Document) -> str | None:
    """Return the Summary of a crawl with these changes: JSON with the tables and partitions of each kind of change."""
    found = {
        "TABLE": {
            action: {"Details": {"names": changes[f"Tables{member}"]}, "Count": len(changes[f"Tables{member}"])}
            for action, member in _ACTIONS
            if changes.get(f"Tables{member}")
        },
        "PARTITION": {
            action: {"Count": changes[f"Partitions{member}"]}
            for action, member in _ACTIONS
            if changes.get(f"Partitions{member}")
        },
    }
    shown = {kind: actions for kind, actions in found.items() if actions}
    return json.dumps(shown, separators=(",", ":")) if shown else None


_ACTIONS = (("ADD", "Created"), ("UPDATE", "Updated"), ("DELETE", "Deleted"))


def _show(crawl: Document, to: Ending, now: float) -> None:
    crawl["State"] = to.state if STATES.is_final(to.state) else RUNNING
    if to.message:
        crawl["ErrorMessage"] = to.message[:_LONGEST_MESSAGE]
    if STATES.is_final(to.state):
        crawl["EndTime"] = now
        crawl["DPUHour"] = prices.crawl_dpu_hours(now - crawl["StartTime"])
        text = summary(crawl["Changes"])
        if text:
            crawl["Summary"] = text


def _lost(crawl: Document, state: str, held: Document, reason: str) -> Ending | None:
    if state == QUEUED:
        return None
    return Ending(STOPPED) if state == STOPPING else Ending(FAILED, reason)


def _ended(ctx: Context, documents: Documents, crawl: Document) -> None:
    name, status = crawl["CrawlerName"], LAST_CRAWL_STATUS[crawl["State"]]
    last = {
        "Status": status,
        **({"ErrorMessage": crawl["ErrorMessage"]} if "ErrorMessage" in crawl else {}),
        **{member: crawl[member] for member in ("LogGroup", "LogStream", "MessagePrefix", "StartTime")},
    }
    crawler = documents.read(kinds.CRAWLER, name)
    if crawler is not None:
        crawler.pop("CurrentCrawl", None)
        documents.write(kinds.CRAWLER, name, doc={**crawler, "State": READY, "LastCrawl": last})
    emit_ended(ctx, documents, crawl)
    report(documents, kinds.CRAWLER, name, crawl["CrawlId"], status)


def _key(crawl: Document) -> Key:
    return crawl["CrawlerName"], crawl["CrawlId"]


def _queued_at(crawl: Document) -> float:
    return float(crawl["StartTime"])


CRAWL = Kind(
    document=kinds.CRAWL,
    noun="crawl",
    states=STATES,
    queued=QUEUED,
    running=RUNNING,
    stopping=frozenset({STOPPING}),
    key=_key,
    queued_at=_queued_at,
    show=_show,
    needs=lambda documents, crawl: OFFER,
    lost=_lost,
    ended=_ended,
)
