"""What an operation is handed besides its request."""

from dataclasses import dataclass

from glue_local.core.clock import Clock, epoch
from glue_local.core.ids import Ids
from glue_local.store import Documents, Store


@dataclass(frozen=True)
class Context:
    """One request's account and region, their documents, and the sources of time and ids."""

    store: Store
    clock: Clock
    ids: Ids
    account: str
    region: str

    @property
    def documents(self) -> Documents:
        """The documents of this request's account and region."""
        return self.store.scope(self.account, self.region)

    @property
    def now(self) -> float:
        """The present instant in epoch seconds."""
        return epoch(self.clock)
