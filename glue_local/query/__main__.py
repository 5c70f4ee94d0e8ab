"""The query worker process: starts the engine and runs queries until standard input ends or SIGTERM."""

import threading
from functools import cache
from typing import Any

from glue_local.children.claims_api import ClaimsApi
from glue_local.children.process import run
from glue_local.client.clients import local
from glue_local.core.private_api import PrivateApi
from glue_local.query.engine.catalogs import Place
from glue_local.query.engine.engine import Engine, EngineSettings
from glue_local.query.failure import QueryFailed
from glue_local.query.log import say
from glue_local.query.worker import QueryWorker
from glue_local.settings import query_settings


def main() -> None:
    """Run queries until stopped."""
    told = query_settings()
    making = threading.Lock()

    @cache
    def made(service: str, account: str, region: str) -> Any:
        return local(service, account=account, region=region, endpoint_url=told.child.aws, application="athena")

    def client_of(service: str, account: str, region: str) -> Any:
        with making:  # boto3 clients are thread-safe, but creating them is not
            return made(service, account, region)

    default = Place(told.engine_endpoint, told.account, told.region)
    engine = Engine(EngineSettings(told.cache, told.home, told.memory, default, told.external), say)
    api = ClaimsApi(PrivateApi(told.child.endpoint, told.child.token), "queries")
    worker = QueryWorker(api, told.worker, engine, client_of, told.slots)
    threading.Thread(target=_warm_up, args=(engine,), daemon=True).start()

    def end() -> None:
        worker.end()
        engine.close()

    run(worker.work, end)


def _warm_up(engine: Engine) -> None:
    """Start the engine before the first query needs it. If this fails, the first query reports the failure."""
    try:
        engine.url()
    except QueryFailed as failed:
        say(failed.message)


if __name__ == "__main__":
    main()
