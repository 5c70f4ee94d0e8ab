"""Work whose worker is lost."""

from typing import Any

from glue_local.work import Kind, begun, claim, end_claims_of, enqueue, expire, heartbeat, is_claimed

from .conftest import Clerk


def taken(clerk: Clerk, kind: Kind, query_id: str, worker: str = "w", begin: bool = True, **members: Any) -> str:
    enqueue(clerk, kind, clerk.documents, clerk.query(query_id, **members))
    held = claim(clerk, [kind], worker, {"trino"}, only=query_id)
    assert held is not None
    if begin:
        begun(clerk, kind, query_id, held.claim["claim"])
    return str(held.claim["claim"])


def test_work_without_heartbeats_ends_and_other_work_continues(clerk: Clerk, kind: Kind) -> None:
    taken(clerk, kind, "silent")
    beating = taken(clerk, kind, "beating")
    clerk.now = 8.0
    heartbeat(clerk, kind, "beating", beating)
    clerk.now = 11.0
    assert expire(clerk, [kind], 10.0) == 1
    status = clerk.stored("silent")["Status"]
    assert status["State"] == "FAILED"
    assert status["StateChangeReason"] == "The worker of this query has not responded for 10 seconds."
    assert clerk.ended == [("silent", "FAILED")]
    assert clerk.stored("beating")["Status"]["State"] == "RUNNING"
    assert expire(clerk, [kind], 10.0) == 0


def test_work_that_was_not_begun_can_be_claimed_again(clerk: Clerk, kind: Kind) -> None:
    taken(clerk, kind, "a", begin=False)
    assert end_claims_of(clerk, [kind], "w", "The worker died.") == 0
    assert not is_claimed(clerk.documents, "a")
    assert claim(clerk, [kind], "w2", {"trino"}) is not None


def test_a_kind_may_requeue_work_that_was_begun(clerk: Clerk, kind: Kind) -> None:
    taken(clerk, kind, "a", Idempotent=True)
    assert end_claims_of(clerk, [kind], "w", "The worker died.") == 0
    assert clerk.stored("a")["Status"]["State"] == "QUEUED"
    assert claim(clerk, [kind], "w2", {"trino"}) is not None


def test_the_worker_and_its_sub_workers_are_lost(clerk: Clerk, kind: Kind) -> None:
    for worker in ("w-1", "w-1-2", "w-10"):
        taken(clerk, kind, worker, worker)
    assert end_claims_of(clerk, [kind], "w-1", "The worker of this {noun} died.") == 2
    assert sorted(clerk.ended) == [("w-1", "FAILED"), ("w-1-2", "FAILED")]
    assert clerk.stored("w-1")["Status"]["StateChangeReason"] == "The worker of this query died."


def test_a_claim_on_deleted_work_is_removed(clerk: Clerk, kind: Kind) -> None:
    taken(clerk, kind, "a")
    clerk.documents.remove("query", "a")
    assert end_claims_of(clerk, [kind], "w", "The worker died.") == 0
    assert not is_claimed(clerk.documents, "a")


def test_claims_on_other_kinds_are_ignored(clerk: Clerk, kind: Kind) -> None:
    taken(clerk, kind, "a")
    assert end_claims_of(clerk, [], "w", "The worker died.") == 0
    assert is_claimed(clerk.documents, "a")
