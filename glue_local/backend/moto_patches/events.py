"""Patches of moto's EventBridge: rules match as on AWS, and glue-local's server delivers to their targets."""

import copy
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from flask import has_request_context, request

from glue_local.backend.contract import EventHooks
from glue_local.backend.moto_patches.patch import Patch

HOOKS = "glue_local.event_hooks"
"""The key of the server's ``EventHooks`` in a WSGI environment."""

_BACKEND = "moto.events.models:EventsBackend"
_DEFAULT_BUS = "default"


def hooks() -> EventHooks | None:
    """Return the server's hooks; None outside of its requests, such as under ``mock_aws``."""
    found: EventHooks | None = request.environ.get(HOOKS) if has_request_context() else None
    return found


def shown(event: dict[str, Any], account: str) -> dict[str, Any]:
    """Return an event as AWS sends it: moto's time is a number, and it has members that only moto uses."""
    time = event["time"]
    if not isinstance(time, str) or time.replace(".", "", 1).isdigit():
        time = f"{datetime.fromtimestamp(float(time), timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
    given = {name: value for name, value in event.items() if name != "ingestion-time"}
    return {**given, "account": event.get("account") or account, "time": time}


def _send(send_to_targets: Callable[..., None]) -> Callable[..., None]:
    """Deliver a matching event to the targets of an enabled rule, except those that only moto knows."""

    def send(self: Any, original_event: dict[str, Any], transform_input: bool = True) -> None:
        server = hooks()
        if server is None:
            send_to_targets(self, original_event, transform_input)
            return
        event = shown(original_event, self.account_id)
        # A rule with a schedule only has no pattern, which moto takes for one that matches everything.
        if self.state == "DISABLED" or not self.event_pattern.dump() or not self.event_pattern.matches_event(event):
            return
        of_moto = [target for target in self.targets if is_of_moto(target["Arn"])]
        if of_moto:
            only = copy.copy(self)
            only.targets = of_moto
            # The ARN of an archive is in the transformed input.
            send_to_targets(only, original_event, transform_input=True)
        for target in self.targets:
            if target not in of_moto:
                server.matched(self.account_id, self.region_name, self.arn, target, event)

    return send


def is_of_moto(arn: str) -> bool:
    """Tell whether moto delivers to a target: its own archives, and API destinations."""
    _, _, service, *_, resource = arn.split(":", 5)
    return service == "events" and (not resource or resource.startswith(("api-destination/", ":")))


class _Rules(dict[str, Any]):
    """The rules of a bus; what iterates them gets a copy, since requests change them at the same time."""

    def values(self) -> Any:
        return list(super().values())

    def items(self) -> Any:
        return list(super().items())


def _with_copied_rules(make: Callable[..., None]) -> Callable[..., None]:
    def making(self: Any, *arguments: Any, **more: Any) -> None:
        make(self, *arguments, **more)
        self.rules = _Rules(self.rules)

    return making


def _put_rule(put_rule: Callable[..., Any]) -> Callable[..., Any]:
    def put(self: Any, name: str, *arguments: Any, **more: Any) -> Any:
        server = hooks()
        if server is not None and more.get("scheduled_expression"):
            server.check_schedule(more["scheduled_expression"])
        made = put_rule(self, name, *arguments, **more)
        _tell(self, made.event_bus_name, name)
        return made

    return put


def _put_targets(put_targets: Callable[..., None]) -> Callable[..., None]:
    def put(self: Any, name: str, event_bus_arn: str | None, targets: list[dict[str, Any]]) -> None:
        server = hooks()
        targets = [_with_numbers(target) for target in targets]
        if server is not None:
            server.check_targets([target for target in targets if not is_of_moto(target["Arn"])])
        put_targets(self, name, event_bus_arn, targets)
        _tell(self, event_bus_arn, name)

    return put


def _with_numbers(target: dict[str, Any]) -> dict[str, Any]:
    """Return a target with a retry policy of numbers: a template of CloudFormation may have texts, as on AWS."""
    policy = target.get("RetryPolicy")
    if not policy:
        return target
    numbers = {name: int(value) if str(value).isdecimal() else value for name, value in policy.items()}
    return {**target, "RetryPolicy": numbers}


def _and_tell(method: Callable[..., Any]) -> Callable[..., Any]:
    """Tell the server of a rule after a method that changes it."""

    def changing(self: Any, name: str, event_bus_arn: str | None, *arguments: Any, **more: Any) -> Any:
        result = method(self, name, event_bus_arn, *arguments, **more)
        _tell(self, event_bus_arn, name)
        return result

    return changing


def _tell(backend: Any, bus: str | None, name: str) -> None:
    server = hooks()
    if server is None or backend._normalize_event_bus_arn(bus) != _DEFAULT_BUS:
        return
    rule = backend.event_buses[_DEFAULT_BUS].rules.get(name)
    definition = None if rule is None else {**rule.describe(), "Targets": rule.targets}
    server.rule_changed(backend.account_id, backend.region_name, name, definition)


_LOST = "the server does not learn of the change: a rule does not fire on its schedule, nor after a restart"

PATCHES = (
    Patch(
        "moto.events.models:Rule.send_to_targets",
        "a rule delivers while it is disabled, ignores Input and InputPath, matches every event if it has only a"
        " schedule, and fails for Step Functions, Kinesis, Firehose, SNS, Lambda and Glue",
        _send,
    ),
    Patch(
        "moto.events.models:EventBus.__init__",
        "PutEvents and replays fail, after some deliveries, if a rule is put or deleted meanwhile",
        _with_copied_rules,
    ),
    Patch(f"{_BACKEND}.put_rule", f"{_LOST}, and invalid schedules are accepted", _put_rule),
    Patch(f"{_BACKEND}.put_targets", f"{_LOST}, and targets without delivery are accepted", _put_targets),
    Patch(f"{_BACKEND}.remove_targets", _LOST, _and_tell),
    Patch(f"{_BACKEND}.delete_rule", _LOST, _and_tell),
    Patch(f"{_BACKEND}.enable_rule", _LOST, _and_tell),
    Patch(f"{_BACKEND}.disable_rule", _LOST, _and_tell),
)
