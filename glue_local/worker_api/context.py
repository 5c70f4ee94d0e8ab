"""What a handler of the private API is handed besides its request."""

from collections.abc import Callable
from dataclasses import dataclass

from glue_local.core.clock import Clock, epoch
from glue_local.core.ids import Ids
from glue_local.store import Store


@dataclass(frozen=True)
class PrivateContext:
    """The whole store, not one account's part of it, and the sources of time and ids."""

    store: Store
    clock: Clock
    ids: Ids
    bearer: str
    """The token the caller showed: the server's own, or one run's (then the handler checks whose)."""

    connected: Callable[[], bool] = lambda: True
    """Whether the caller still waits for its answer."""

    @property
    def now(self) -> float:
        """The present instant in epoch seconds."""
        return epoch(self.clock)
