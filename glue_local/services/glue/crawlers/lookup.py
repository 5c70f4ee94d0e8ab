"""Look up crawlers, and show them as AWS does."""

from glue_local.core.faults import Missing
from glue_local.crawler_runs import read_crawl
from glue_local.crawler_runs.states import READY
from glue_local.services.context import Context
from glue_local.store import Document, kinds


def find_crawler(ctx: Context, name: str) -> Document:
    """Return a crawler as it is stored; raises Missing."""
    crawler = ctx.documents.read(kinds.CRAWLER, name)
    if crawler is None:
        raise Missing(f"Crawler entry with name {name} does not exist")
    return crawler


def shown_crawler(ctx: Context, crawler: Document) -> Document:
    """Return a Crawler as AWS shows it, with the elapsed milliseconds of its crawl (0 if it is not running)."""
    elapsed = 0
    if crawler["State"] != READY:
        crawl = read_crawl(ctx.documents, crawler["Name"], crawler["CurrentCrawl"])
        elapsed = int(1000 * (ctx.now - crawl["StartTime"])) if crawl else 0
    shown = {member: value for member, value in crawler.items() if member != "CurrentCrawl"}
    return {**shown, "CrawlElapsedTime": elapsed}
