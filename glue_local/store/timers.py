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


def set_timer(documents: Documents, *key: str, at: float, note: Document | None = None) -> None:
    """Set a timer; it replaces one with the same key."""
    # Text that sorts like the number, so that the index of states finds due timers.
    documents.write(kinds.TIMER, *key, doc={"at": at, **(note or {})}, state=_state(at))


def clear_timer(documents: Documents, *key: str) -> None:
    """Delete a timer, if it is set."""
    documents.remove(kinds.TIMER, *key)


def timer_at(documents: Documents, *key: str) -> float | None:
    """Return the time of a timer, or None if it is not set."""
    found = documents.read(kinds.TIMER, *key)
    return None if found is None else float(found["at"])


def due(store: Store, now: float) -> list[Timer]:
    """Return the timers that are due, in the order of their times."""
    found = store.up_to_state(kinds.TIMER, _state(now))
    return [Timer(account, region, key, note["at"], note) for account, region, key, note in found]


def next_due(store: Store) -> float | None:
    """Return the time of the next timer, or None if there is none."""
    state = store.first_state(kinds.TIMER)
    return None if state is None else float(state)


def _state(at: float) -> str:
    return f"{at:015.3f}"
