"""A kind of work that is not Glue's, with the states of an Athena query, and a clock that the test sets."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from glue_local.core.ids import Ids
from glue_local.store import Document, Documents, Store
from glue_local.work import Ending, Kind, States

STATES = States(
    first=("QUEUED",),
    moves={
        "QUEUED": ("RUNNING", "CANCELLED", "FAILED"),
        "RUNNING": ("QUEUED", "SUCCEEDED", "FAILED", "CANCELLED"),
        "SUCCEEDED": (),
        "FAILED": (),
        "CANCELLED": (),
    },
)


@dataclass
class Clerk:
    """The context of a test; the test sets ``now``."""

    store: Store
    now: float = 0.0
    ids: Ids = field(default_factory=lambda: Ids(seed=1))
    ended: list[tuple[str, str]] = field(default_factory=list)
    """(id, state) of the work that has ended."""

    @property
    def documents(self) -> Documents:
        return self.store.scope("1", "r")

    def query(self, query_id: str, **members: Any) -> Document:
        """Return a new query that is not stored yet."""
        return {"Id": query_id, "Submitted": self.now, "Engine": "trino", **members}

    def stored(self, query_id: str) -> Document:
        return self.documents.read("query", query_id) or {}


def _show(query: Document, to: Ending, now: float) -> None:
    query["Status"] = {"State": to.state, "Changed": now}
    if to.message:
        query["Status"]["StateChangeReason"] = to.message


def _needs(documents: Documents, query: Document) -> str | Ending:
    return Ending("FAILED", "its workgroup is gone") if query.get("Orphaned") else str(query["Engine"])


def _lost(query: Document, state: str, claim: Document, reason: str) -> Ending | None:
    if state == "QUEUED":
        return None
    return Ending("QUEUED") if query.get("Idempotent") else Ending("FAILED", reason)


@pytest.fixture
def clerk() -> Iterator[Clerk]:
    store = Store.open(":memory:")
    yield Clerk(store)
    store.close()


@pytest.fixture
def kind(clerk: Clerk) -> Kind:
    return Kind(
        document="query",
        noun="query",
        states=STATES,
        queued="QUEUED",
        running="RUNNING",
        stopping=frozenset(),
        key=lambda query: (query["Id"],),
        queued_at=lambda query: float(query["Submitted"]),
        show=_show,
        needs=_needs,
        lost=_lost,
        ended=lambda ctx, documents, query: clerk.ended.append((query["Id"], query["Status"]["State"])),
    )
