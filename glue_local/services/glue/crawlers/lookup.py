"""Look up crawlers and classifiers, and show crawlers as AWS does."""

from glue_local.core.faults import Invalid, Missing
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


def find_classifier(ctx: Context, name: str) -> Document:
    """Return a classifier, which has its kind as its only member; raises Missing."""
    found = ctx.documents.read(kinds.CLASSIFIER, name)
    if found is None:
        raise Missing(f"Classifier with name {name} does not exist")
    return found


def check_classifiers_exist(ctx: Context, names: list[str]) -> None:
    """Raise Invalid if one of the classifiers of a crawler does not exist."""
    for name in names:
        if ctx.documents.read(kinds.CLASSIFIER, name) is None:
            raise Invalid(f"Classifier with name {name} does not exist: create it with CreateClassifier.")
