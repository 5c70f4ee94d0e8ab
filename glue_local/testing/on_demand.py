"""A child process of the test session's server, started when it is first needed."""

from types import TracebackType
from typing import TypeVar

from glue_local.children.supervisor import Child, Supervisor
from glue_local.server import Server

_Self = TypeVar("_Self", bound="OnDemand")


class OnDemand:
    """One child process; leaving the context stops it."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._supervisor: Supervisor | None = None

    def __enter__(self: _Self) -> _Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._supervisor:
            self._supervisor.close()

    def start(self) -> None:
        """Start the process if it is not running."""
        if self._supervisor is None:
            child = self._child()
            self._supervisor = Supervisor([child], self._server.settings.data_dir)
            self._supervisor.start()
            self._supervisor.demand(child.name)

    def _child(self) -> Child:
        raise NotImplementedError
