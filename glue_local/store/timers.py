"""Timers: when something is due, for any kind of thing, in the order of time."""

from typing import NamedTuple

from glue_local.store import kinds
from glue_local.store.documents import Document, Documents, Key, Store


class Timer(NamedTuple):
    """A timer. ``key`` is the kind and name of what is due, ``at`` the time in epoch seconds, ``note`` data of its owner."""

    account: str
    region: str
    key: Key
    at: float
    note: Document


def set_timer(
    documents: Documents, *key: str, at: float, note: Document | None = None, kind: str = kinds.TIMER
) -> None:
    """Set a timer; it replaces one with the same key. Timers of another ``kind`` belong to another loop."""
    # Text that sorts like the number, so that the index of states finds due timers.
    documents.write(kind, *key, doc={"at": at, **(note or {})}, state=_state(at))


def clear_timer(documents: Documents, *key: str, kind: str = kinds.TIMER) -> None:
    """Delete a timer, if it is set."""
    documents.remove(kind, *key)


def timer_at(documents: Documents, *key: str, kind: str = kinds.TIMER) -> float | None:
    """Return the time of a timer, or None if it is not set."""
    found = documents.read(kind, *key)
    return None if found is None else float(found["at"])


def due(store: Store, now: float, kind: str = kinds.TIMER) -> list[Timer]:
    """Return the timers that are due, in the order of their times."""
    found = store.up_to_state(kind, _state(now))
    return [Timer(account, region, key, note["at"], note) for account, region, key, note in found]


def next_due(store: Store, kind: str = kinds.TIMER) -> float | None:
    """Return the time of the next timer, or None if there is none."""
    state = store.first_state(kind)
    return None if state is None else float(state)


def _state(at: float) -> str:
    return f"{at:015.3f}"
