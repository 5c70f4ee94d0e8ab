"""The context that handlers of the private API receive with a request."""

from collections.abc import Callable
from dataclasses import dataclass

from glue_local.core.clock import Clock, epoch
from glue_local.core.ids import Ids
from glue_local.store import Store


@dataclass(frozen=True)
class PrivateContext:
    """The store of all accounts, the clock and the source of ids."""

    store: Store
    clock: Clock
    ids: Ids
    bearer: str
    """The token that the caller sent: the server's, or a run's, which the handler checks."""

    connected: Callable[[], bool] = lambda: True
    """Whether the caller is still connected."""

    @property
    def now(self) -> float:
        """The current time in epoch seconds."""
        return epoch(self.clock)
