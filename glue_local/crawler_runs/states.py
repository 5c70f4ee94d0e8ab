"""The states of a crawl and the legal moves between them, and those of a crawler.

AWS's names: https://docs.aws.amazon.com/glue/latest/webapi/API_CrawlerHistory.html
"""

from glue_local.work import States

QUEUED = "QUEUED"
"""glue-local's own: not claimed yet. AWS shows RUNNING."""
RUNNING = "RUNNING"
STOPPING = "STOPPING"
"""glue-local's own for a crawl: its history shows RUNNING, its crawler STOPPING."""
COMPLETED = "COMPLETED"
FAILED = "FAILED"
STOPPED = "STOPPED"

READY = "READY"
"""The state of a crawler that is not running."""

STATES = States(
    first=(QUEUED,),
    moves={
        # STOPPED immediately if nobody has claimed it; FAILED if its crawler was lost.
        QUEUED: (RUNNING, STOPPED, FAILED),
        RUNNING: (STOPPING, COMPLETED, FAILED, STOPPED),
        # The crawl may end by itself before it learns of the stop.
        STOPPING: (STOPPED, COMPLETED, FAILED),
        COMPLETED: (),
        FAILED: (),
        STOPPED: (),
    },
)

LAST_CRAWL_STATUS = {COMPLETED: "SUCCEEDED", FAILED: "FAILED", STOPPED: "CANCELLED"}
"""The Status of LastCrawl, which is also the CrawlState of a trigger's condition, for each final state."""
