"""The life cycle of crawlers' runs: states, start, stop and end."""

from glue_local.crawler_runs.crawl import CRAWL, read_crawl, start, stop

__all__ = ["CRAWL", "read_crawl", "start", "stop"]
