"""The crawl loop: claims queued crawls and executes them in the server's process, one after the other."""

import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from glue_local import work
from glue_local.core.faults import Conflict
from glue_local.crawl.failures import Closing, CrawlFailed, CrawlStopped
from glue_local.crawl.log import CrawlLog
from glue_local.crawl.run import Crawl
from glue_local.crawler_runs import CRAWL
from glue_local.crawler_runs.crawl import OFFER
from glue_local.crawler_runs.states import COMPLETED, FAILED, STOPPED, STOPPING
from glue_local.store import Document, kinds

Clients = Callable[[str, str, str], Any]
_DELETED = "The crawler was deleted before the crawl began."


class CrawlLoop:
    """Executes crawls; ``clients`` makes AWS clients of the endpoint: (service, account, region) -> client."""

    def __init__(self, ctx: work.Context, clients: Clients, worker: str) -> None:
        self._ctx, self._clients, self._worker = ctx, clients, worker
        self._closing = threading.Event()

    def close(self) -> None:
        """Interrupt the crawl that is running: the next server ends it."""
        self._closing.set()

    def advance(self, now: float) -> None:
        """Execute all queued crawls."""
        while not self._closing.is_set():
            claimed = work.claim(self._ctx, [CRAWL], self._worker, [OFFER])
            if claimed is None:
                return
            # The claim is lost if the server's state is reset meanwhile: there is nothing to record then.
            with suppress(Conflict):
                work.begun(self._ctx, CRAWL, claimed.work_id, claimed.claim["claim"])
                self._execute(claimed)

    def _execute(self, claimed: work.Claimed) -> None:
        members: Document = {}
        try:
            ending = self._crawl(claimed, members)
        except Closing:
            return
        work.finish(self._ctx, CRAWL, claimed.work_id, claimed.claim["claim"], ending, members)

    def _crawl(self, claimed: work.Claimed, members: Document) -> work.Ending:
        crawl = claimed.document
        name = crawl["CrawlerName"]
        crawler = claimed.documents.read(kinds.CRAWLER, name)
        if crawler is None:
            return work.Ending(FAILED, _DELETED)

        def client(service: str) -> Any:
            return self._clients(service, claimed.account, claimed.region)

        s3, glue, logs = (client(each) for each in ("s3", "glue", "logs"))
        log = CrawlLog(logs, crawl, lambda: self._ctx.now)
        log.write(f"BENCHMARK : Running Start Crawl for Crawler {name}")
        seen = {folder for _, folder in claimed.documents.keys(kinds.CRAWLED, name)}
        check = self._check_of(claimed)
        try:
            changes, read = Crawl(client, s3, glue, crawler, seen, self._ctx.now, check, log.write).run()
            members["Changes"] = changes
            with self._ctx.store.transaction():
                for folder in read:
                    claimed.documents.write(kinds.CRAWLED, name, folder, doc={})
            ending = work.Ending(COMPLETED)
        except CrawlStopped:
            ending = work.Ending(STOPPED)
        except (CrawlFailed, ClientError, BotoCoreError) as error:
            ending = work.Ending(FAILED, str(error))
        except Closing:
            raise
        except Exception as error:  # noqa: BLE001 - a defect fails the crawl and must not end the loop
            sys.stderr.write(f"glue-local crawl: crawler {name} failed:\n{traceback.format_exc()}")
            ending = work.Ending(FAILED, f"Internal Service Exception: {type(error).__name__}: {error}")
        if ending.message:
            log.write(f"ERROR : {ending.message}")
        log.write("BENCHMARK : Crawler has finished running and is in state READY")
        self._flush(log, name)
        return ending

    def _check_of(self, claimed: work.Claimed) -> Callable[[], None]:
        def check() -> None:
            if self._closing.is_set():
                raise Closing
            # None: the account was forgotten, or everything was reset.
            if claimed.documents.state(kinds.CRAWL, *claimed.claim["key"]) in (STOPPING, None):
                raise CrawlStopped

        return check

    def _flush(self, log: CrawlLog, name: str) -> None:
        try:
            log.flush()
        except (ClientError, BotoCoreError) as error:
            sys.stderr.write(f"glue-local crawl: the log of crawler {name} cannot be written: {error}\n")
