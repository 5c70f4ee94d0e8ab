"""Which worker gets which piece of work."""

from glue_local.work import Ending, Kind, claim, end, enqueue, is_claimed

from .conftest import Clerk


def ids(clerk: Clerk, kind: Kind, *offers: str, count: int = 3) -> list[str | None]:
    taken = [claim(clerk, [kind], "w", offers or ("trino",)) for _ in range(count)]
    return [one and one.document["Id"] for one in taken]


def test_the_oldest_of_all_accounts_is_claimed_first(clerk: Clerk, kind: Kind) -> None:
    for account, query_id, submitted in (("1", "b", 2.0), ("2", "a", 1.0), ("1", "c", 3.0)):
        clerk.now = submitted
        enqueue(clerk, kind, clerk.store.scope(account, "r"), clerk.query(query_id))
    taken = claim(clerk, [kind], "w", {"trino"})
    assert taken is not None
    assert (taken.account, taken.document["Id"], taken.document["Status"]["State"]) == ("2", "a", "QUEUED")
    assert ids(clerk, kind) == ["b", "c", None]


def test_a_worker_only_gets_work_that_it_can_execute(clerk: Clerk, kind: Kind) -> None:
    enqueue(clerk, kind, clerk.documents, clerk.query("spark", Engine="spark"))
    enqueue(clerk, kind, clerk.documents, clerk.query("trino"))
    assert ids(clerk, kind, "trino") == ["trino", None, None]
    assert ids(clerk, kind, "trino", "spark") == ["spark", None, None]


def test_a_claim_can_ask_for_one_piece(clerk: Clerk, kind: Kind) -> None:
    for query_id in "ab":
        enqueue(clerk, kind, clerk.documents, clerk.query(query_id))
    taken = claim(clerk, [kind], "w", {"trino"}, only="b")
    assert taken is not None
    assert taken.document["Id"] == "b"
    assert claim(clerk, [kind], "w", {"trino"}, only="b") is None


def test_work_that_can_no_longer_be_executed_is_ended(clerk: Clerk, kind: Kind) -> None:
    for query_id, orphaned in (("a", True), ("b", False)):
        enqueue(clerk, kind, clerk.documents, clerk.query(query_id, Orphaned=orphaned))
    assert ids(clerk, kind) == ["b", None, None]
    assert clerk.stored("a")["Status"] == {
        "State": "FAILED",
        "Changed": 0.0,
        "StateChangeReason": "its workgroup is gone",
    }
    assert clerk.ended == [("a", "FAILED")]


def test_the_end_of_a_piece_removes_its_claim(clerk: Clerk, kind: Kind) -> None:
    enqueue(clerk, kind, clerk.documents, clerk.query("a"))
    claim(clerk, [kind], "w", {"trino"})
    assert is_claimed(clerk.documents, "a")
    end(clerk, kind, clerk.documents, clerk.stored("a"), Ending("CANCELLED"))
    assert not is_claimed(clerk.documents, "a")
