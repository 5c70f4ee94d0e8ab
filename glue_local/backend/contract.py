"""The interface between the server and a backend."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from werkzeug.serving import WSGIRequestHandler

from glue_local.core.wsgi import WsgiApplication

RESET = "/moto-api/reset"
"""POST to this path resets everything."""

Definition = dict[str, Any]


class EventHooks(Protocol):
    """What the server does for EventBridge's rules, which a backend in this process keeps and matches.

    A method that raises a fault refuses the request.
    """

    def check_schedule(self, expression: str) -> None:
        """Check the schedule expression of a rule. Raises Invalid."""

    def check_targets(self, targets: list[Definition]) -> None:
        """Check the targets of a rule. Raises NotEmulated for a target that nothing delivers to."""

    def rule_changed(self, account: str, region: str, name: str, rule: Definition | None) -> None:
        """Take notice of a rule of a default bus, with its ``Targets``; None if it was deleted."""

    def matched(self, account: str, region: str, rule_arn: str, target: Definition, event: Definition) -> None:
        """Deliver an event to a target of a rule that it matched."""


class SchedulerHooks(Protocol):
    """What the server does for EventBridge Scheduler's schedules, which a backend in this process keeps."""

    def check(self, account: str, region: str, name: str, schedule: Definition) -> None:
        """Check a schedule's definition, as CreateSchedule has it. Raises Invalid, NotEmulated."""

    def changed(self, account: str, region: str, group: str, name: str, schedule: Definition | None) -> None:
        """Take notice of a schedule, as GetSchedule returns it; None if it was deleted."""

    def group_changed(self, account: str, region: str, name: str, tags: list[dict[str, str]] | None) -> None:
        """Take notice of a group with its tags; None if it was deleted with its schedules."""


class Hooks(NamedTuple):
    """The hooks of both services."""

    rules: EventHooks
    schedules: SchedulerHooks


class Backend(NamedTuple):
    """An application for the requests that glue-local's services do not answer."""

    application: Callable[[int, Hooks], WsgiApplication]
    """Makes the application; the first argument is the port that the server listens on."""
    request_handler: type[WSGIRequestHandler]
    """The HTTP server's request handler class."""
    streams: Callable[[Mapping[str, Any]], bool]
    """Tells whether the application reads a request's body in pieces; other bodies are passed to it whole."""
    close: Callable[[], None] = lambda: None
    """Called when the server stops."""
    matches_rules: bool = False
    """Whether the application calls the hooks of events; otherwise it keeps and executes rules by itself."""
