"""Reports of a worker, and the responses to them."""

from dataclasses import replace

import pytest

from glue_local.core.faults import Conflict
from glue_local.store import Document
from glue_local.work import Ending, Kind, begun, claim, enqueue, finish, heartbeat, is_claimed, move

from .conftest import Clerk


@pytest.fixture
def secret(clerk: Clerk, kind: Kind) -> str:
    """Return the claim on the query ``a``."""
    enqueue(clerk, kind, clerk.documents, clerk.query("a"))
    taken = claim(clerk, [kind], "w", {"trino"})
    assert taken is not None
    return str(taken.claim["claim"])


def test_work_is_begun_kept_alive_and_finished(clerk: Clerk, kind: Kind, secret: str) -> None:
    assert begun(clerk, kind, "a", secret) == ("RUNNING", False)
    clerk.now = 5.0
    assert heartbeat(clerk, kind, "a", secret) == ("RUNNING", False)
    assert finish(clerk, kind, "a", secret, Ending("SUCCEEDED"), {"Rows": 3}) == "SUCCEEDED"
    assert clerk.stored("a")["Status"] == {"State": "SUCCEEDED", "Changed": 5.0}
    assert clerk.stored("a")["Rows"] == 3
    assert clerk.ended == [("a", "SUCCEEDED")]
    assert not is_claimed(clerk.documents, "a")


def test_begun_is_idempotent(clerk: Clerk, kind: Kind, secret: str) -> None:
    """A worker repeats the request if the response is lost."""
    assert begun(clerk, kind, "a", secret) == begun(clerk, kind, "a", secret)


def test_cancelled_work_must_be_stopped_and_keeps_its_state(clerk: Clerk, kind: Kind, secret: str) -> None:
    begun(clerk, kind, "a", secret)
    move(clerk, kind, clerk.documents, clerk.stored("a"), Ending("CANCELLED"))
    assert heartbeat(clerk, kind, "a", secret) == ("CANCELLED", True)
    assert finish(clerk, kind, "a", secret, Ending("SUCCEEDED")) == "CANCELLED"
    assert not is_claimed(clerk.documents, "a")


def test_aws_may_show_two_states_as_one(clerk: Clerk, kind: Kind) -> None:
    """A crawler is RUNNING after StartCrawler, even before a worker has started it."""

    def show(query: Document, to: Ending, now: float) -> None:
        query["State"] = "RUNNING" if to.state in ("QUEUED", "RUNNING") else to.state

    crawl = replace(kind, show=show, ended=lambda ctx, documents, document: None)
    enqueue(clerk, crawl, clerk.documents, clerk.query("c"))
    taken = claim(clerk, [crawl], "w", {"trino"})
    assert taken is not None
    assert (taken.state, taken.document["State"]) == ("QUEUED", "RUNNING")
    assert begun(clerk, crawl, "c", taken.claim["claim"]) == ("RUNNING", False)
    assert finish(clerk, crawl, "c", taken.claim["claim"], Ending("SUCCEEDED")) == "SUCCEEDED"
    assert clerk.stored("c")["State"] == "SUCCEEDED"


def test_an_illegal_move_changes_nothing(clerk: Clerk, kind: Kind, secret: str) -> None:
    with pytest.raises(Conflict, match="query a is QUEUED and cannot become SUCCEEDED"):
        finish(clerk, kind, "a", secret, Ending("SUCCEEDED"), {"Rows": 3})
    assert "Rows" not in clerk.stored("a")
    assert is_claimed(clerk.documents, "a")


def test_a_report_needs_the_claim(clerk: Clerk, kind: Kind, secret: str) -> None:
    for query_id, claim_id in (("a", "guess"), ("b", secret)):
        with pytest.raises(Conflict, match=f"the claim on query {query_id} is no longer valid"):
            heartbeat(clerk, kind, query_id, claim_id)
