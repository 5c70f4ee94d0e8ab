"""What a crawl would have cost on AWS.

https://aws.amazon.com/glue/pricing/
"""

from collections.abc import Mapping
from typing import Any

from glue_local import prices
from glue_local.costs import Cost


def crawl_cost(crawler: str, crawl: Mapping[str, Any]) -> Cost:
    """Return what a crawl of ListCrawls would have cost; 0 while it runs, because its time is not known."""
    if "EndTime" not in crawl:
        return Cost("Crawlers", f"{crawler}: {crawl['State']}", 0.0)
    seconds = (crawl["EndTime"] - crawl["StartTime"]).total_seconds()
    billed = max(seconds, prices.CRAWLER_MINIMUM_SECONDS)
    minimum = f", the minimum of a crawl (it took {seconds:.0f} s)" if billed > seconds else ""
    usage = f"{crawler}: {prices.CRAWLER_DPUS} DPU for {billed:.0f} s at ${prices.CRAWLER_DPU_HOUR.usd} per DPU-hour"
    return Cost("Crawlers", usage + minimum, prices.crawl(seconds))
