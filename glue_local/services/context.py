"""The context that an operation receives with its request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from glue_local.core.clock import Clock, epoch
from glue_local.core.ids import Ids
from glue_local.store import Documents, Store

Ask = Callable[[str, dict[str, Any]], dict[str, Any]]


def _no_backend(operation: str, request: dict[str, Any]) -> dict[str, Any]:
    raise RuntimeError(f"the context has no backend to call {operation}")


@dataclass(frozen=True)
class Context:
    """One request's account and region, their documents, and the sources of time and ids."""

    store: Store
    clock: Clock
    ids: Ids
    account: str
    region: str
    backend: Ask = _no_backend
    """Calls an operation of the same service on the backend, which may hold part of the response."""
    clients: Callable[[str, str, str], Any] | None = None
    """Makes AWS clients for the endpoint: (service, account or access key, region) -> client."""
    access_key: str = ""
    """The access key that signed the request, empty if it is unsigned."""

    def client(self, service: str) -> Any:
        """Return an AWS client for the endpoint that acts as the caller's account in its region."""
        if self.clients is None:
            raise RuntimeError(f"the context has no endpoint to make a {service} client for")
        return self.clients(service, self.account, self.region)

    @property
    def documents(self) -> Documents:
        """The documents of this request's account and region."""
        return self.store.scope(self.account, self.region)

    @property
    def now(self) -> float:
        """The current time in epoch seconds."""
        return epoch(self.clock)
