"""Long polling."""

import threading
from collections.abc import Iterator

from glue_local.work import long_poll

from .conftest import Clerk


def looks(*found: str | None) -> Iterator[str | None]:
    yield from found


def test_an_available_result_is_returned_immediately(clerk: Clerk) -> None:
    assert long_poll(clerk.store, lambda: "work", 30, lambda: True) == "work"


def test_a_wait_of_zero_polls_once(clerk: Clerk) -> None:
    found = looks(None, "work")
    assert long_poll(clerk.store, lambda: next(found), 0, lambda: True) is None


def test_a_written_state_ends_the_wait(clerk: Clerk) -> None:
    threading.Timer(0.1, lambda: clerk.documents.write("query", "a", doc={"id": "a"}, state="QUEUED")).start()
    assert long_poll(clerk.store, lambda: clerk.documents.read("query", "a"), 30, lambda: True) == {"id": "a"}


def test_a_disconnected_worker_gets_nothing(clerk: Clerk) -> None:
    connected = iter((True, False))
    found = looks(None, "work")
    assert long_poll(clerk.store, lambda: next(found), 30, lambda: next(connected)) is None
    assert next(found) == "work"
