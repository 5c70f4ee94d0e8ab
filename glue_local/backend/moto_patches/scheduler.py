"""Patches of moto's EventBridge Scheduler: glue-local's server checks its schedules and fires them."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from flask import has_request_context, request

from glue_local.backend.contract import SchedulerHooks
from glue_local.backend.moto_patches.patch import Patch
from glue_local.core.faults import Conflict, Invalid, Missing

HOOKS = "glue_local.scheduler_hooks"
"""The key of the server's ``SchedulerHooks`` in a WSGI environment."""

_RESPONSE = "moto.scheduler.responses:EventBridgeSchedulerResponse"
_DEFAULT_GROUP = "default"


def _hooks() -> SchedulerHooks | None:
    found: SchedulerHooks | None = request.environ.get(HOOKS) if has_request_context() else None
    return found


def _name(response: Any) -> str:
    return unquote(response.uri.split("?")[0].rpartition("/")[2])


def _define(define: Callable[[Any], str]) -> Callable[[Any], str]:
    """Check a schedule before it is created or updated; set what moto's update leaves out."""

    def defining(self: Any) -> str:
        server = _hooks()
        if server is None:
            return define(self)
        given = json.loads(self.body)
        group = given.get("GroupName") or _DEFAULT_GROUP
        backend, where = self.scheduler_backend, (self.current_account, self.region)
        if group not in backend.schedule_groups:
            raise Missing(f"Schedule group {group} does not exist.", code="ResourceNotFoundException")
        server.check(*where, _name(self), given)
        answer = define(self)
        schedule = backend.get_schedule(group, _name(self))
        # An update replaces the whole definition, with AWS's defaults.
        schedule.state = given.get("State") or "ENABLED"
        schedule.action_after_completion = given.get("ActionAfterCompletion") or "NONE"
        shown = {name: value for name, value in schedule.to_dict().items() if value is not None}
        server.changed(*where, group, schedule.name, shown)
        return answer

    return defining


def _delete(delete: Callable[[Any], str]) -> Callable[[Any], str]:
    def deleting(self: Any) -> str:
        try:
            return delete(self)
        finally:
            server = _hooks()
            if server is not None:
                # The server may have a schedule that moto refused when it started.
                group = self._get_param("groupName") or _DEFAULT_GROUP
                server.changed(self.current_account, self.region, group, _name(self), None)

    return deleting


def _create_group(create: Callable[[Any], str]) -> Callable[[Any], str]:
    """Refuse to replace a group, which would lose its schedules."""

    def creating(self: Any) -> str:
        name = _name(self)
        if _hooks() is not None and name in self.scheduler_backend.schedule_groups:
            raise Conflict(f"Schedule group {name} already exists.", code="ConflictException")
        return create(self)

    return _change_group(creating)


def _delete_group(delete: Callable[[Any], str]) -> Callable[[Any], str]:
    def deleting(self: Any) -> str:
        name = _name(self)
        if _hooks() is not None and name == _DEFAULT_GROUP:
            raise Invalid("Cannot delete the default schedule group.", code="ValidationException")
        if _hooks() is not None and name not in self.scheduler_backend.schedule_groups:
            raise Missing(f"Schedule group {name} does not exist.", code="ResourceNotFoundException")
        return delete(self)

    return _change_group(deleting)


def _change_group(change: Callable[[Any], str]) -> Callable[[Any], str]:
    """Tell the server of a group after a method that creates or deletes it."""

    def changing(self: Any) -> str:
        answer = change(self)
        _tell(self, _name(self))
        return answer

    return changing


def _tag_group(change: Callable[[Any], str]) -> Callable[[Any], str]:
    """Tell the server of a group after a method that changes its tags, whose path ends in the quoted ARN of the group."""

    def changing(self: Any) -> str:
        answer = change(self)
        _tell(self, _name(self).rpartition("/")[2])
        return answer

    return changing


def _tell(response: Any, name: str) -> None:
    server = _hooks()
    if server is not None:
        backend = response.scheduler_backend
        group = backend.schedule_groups.get(name)
        tags = None if group is None else backend.list_tags_for_resource(group.arn)["Tags"]
        server.group_changed(response.current_account, response.region, name, tags)


_LOST = "the server does not learn of the change: a schedule does not fire, nor exist after a restart"

PATCHES = (
    Patch(
        "moto.scheduler.models:Schedule._validate_start_date",
        "a StartDate is compared with moto's clock instead of the server's",
        lambda original: lambda self, start_date: start_date,
    ),
    Patch(f"{_RESPONSE}.create_schedule", f"{_LOST}; a missing group gives status 500", _define),
    Patch(f"{_RESPONSE}.update_schedule", f"{_LOST}; an update without State disables a schedule", _define),
    Patch(f"{_RESPONSE}.delete_schedule", _LOST, _delete),
    Patch(f"{_RESPONSE}.create_schedule_group", f"{_LOST}; an existing group is replaced", _create_group),
    Patch(f"{_RESPONSE}.delete_schedule_group", f"{_LOST}; the default group is deleted", _delete_group),
    Patch(f"{_RESPONSE}.tag_resource", _LOST, _tag_group),
    Patch(f"{_RESPONSE}.untag_resource", _LOST, _tag_group),
)
