"""What the delivery process says while something is wrong."""

import threading
from typing import Any

import pytest

from glue_local.delivery.private_api import Trouble
from glue_local.delivery.worker import Delivery


def test_the_same_trouble_is_told_once(capfd: pytest.CaptureFixture[str]) -> None:
    asked = threading.Semaphore(0)

    class Away:
        def streams(self) -> list[Any]:
            asked.release()
            raise Trouble("the server is away")

    delivery = Delivery(Away(), lambda service, stream: None)  # type: ignore[arg-type]
    thread = threading.Thread(target=delivery.work)
    thread.start()
    assert all(asked.acquire(timeout=10) for _ in range(3))
    delivery.end()
    thread.join()
    assert capfd.readouterr().err.count("the server is away") == 1
