"""A delivery process: ends with its standard input, or at SIGTERM."""

import os
import signal
import sys
import threading
from typing import Any

from glue_local.clients import local
from glue_local.delivery.private_api import PrivateApi
from glue_local.delivery.worker import Delivery
from glue_local.settings import child_settings


def main() -> None:
    """Deliver until told to end."""
    told = child_settings()

    def client_of(service: str, stream: dict[str, Any]) -> Any:
        return local(service, account=stream["account"], region=stream["region"], endpoint_url=told.aws)

    delivery = Delivery(PrivateApi(told.endpoint, told.token), client_of)
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    signal.signal(signal.SIGINT, lambda *_: ending.set())
    threading.Thread(target=_await_end_of_input, args=(ending,), daemon=True).start()
    threading.Thread(target=delivery.work, daemon=True).start()
    ending.wait()
    delivery.end()
    os._exit(0)


def _await_end_of_input(ending: threading.Event) -> None:
    sys.stdin.buffer.read()
    ending.set()


if __name__ == "__main__":
    main()
