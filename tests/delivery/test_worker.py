"""What the delivery process logs while something is wrong."""

import threading
from typing import Any

import pytest

from glue_local.core.private_api import ServerUnreachable
from glue_local.delivery.worker import Delivery


def test_the_same_problem_is_logged_once(capfd: pytest.CaptureFixture[str]) -> None:
    asked = threading.Semaphore(0)

    class Away:
        def streams(self) -> list[Any]:
            asked.release()
            raise ServerUnreachable("the server is down")

    delivery = Delivery(Away(), lambda service, stream: None)  # type: ignore[arg-type]
    thread = threading.Thread(target=delivery.work)
    thread.start()
    assert all(asked.acquire(timeout=10) for _ in range(3))
    delivery.end()
    thread.join()
    assert capfd.readouterr().err.count("the server is down") == 1
