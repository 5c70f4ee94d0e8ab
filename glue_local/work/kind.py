"""A kind of work: everything that this package needs to know about it, as data and functions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from glue_local.core.ids import Ids
from glue_local.store import Document, Documents, Key, Store
from glue_local.work.states import States


class Context(Protocol):
    """The arguments that every function here needs: the store, the clock and the source of ids."""

    @property
    def store(self) -> Store:
        """The whole store."""

    @property
    def ids(self) -> Ids:
        """The source of tokens."""

    @property
    def now(self) -> float:
        """The current time in epoch seconds."""


class Ending(NamedTuple):
    """A state to move to, and the message that clients see."""

    state: str
    message: str | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of work. Each piece is a document that is stored with its state; the last part of its key is its id."""

    document: str
    """The kind of its documents (``store.kinds``)."""
    noun: str
    """Its name in messages."""
    states: States
    queued: str
    """The state in which a worker may claim it. A claim does not change the state; ``begun`` does."""
    running: str
    """The state after ``begun``."""
    stopping: frozenset[str]
    """The states in which the answer to a heartbeat tells the worker to stop. Final states do as well."""

    key: Callable[[Document], Key]
    queued_at: Callable[[Document], float]
    """The time by which the queue is sorted, oldest first."""
    show: Callable[[Document, Ending, float], None]
    """Write a new state into the document, as AWS shows it, with the time. AWS may show several states as one."""
    needs: Callable[[Documents, Document], "str | Ending"]
    """What a worker must offer to get this piece; an Ending if the piece can no longer be executed."""
    lost: Callable[[Document, str, Document, str], "Ending | None"]
    """What happens when the worker is lost: (document, state, claim, reason) → an Ending, which may also put the piece back
    into the queue. None keeps the state, so that queued work can be claimed again."""
    ended: Callable[[Context, Documents, Document], None]
    """Called when a piece has ended, in the same transaction: start a retry, start work that waits for a free place."""
