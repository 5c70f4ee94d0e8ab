"""EventBridge Scheduler: the project's schedule group, which is tagged, and its schedules, which cannot be."""

from datetime import datetime, timezone
from typing import Any

from glue_local.promote.kinds.kind import Account, Found, Kind, Request, Tagging, found, members
from glue_local.promote.kinds.tags import as_list, as_map, tags_as_list

_ABSENT = "ResourceNotFoundException"


def _group(account: Account, request: Request) -> Found | None:
    scheduler = account.clients("scheduler")
    there = found(lambda: scheduler.get_schedule_group(Name=request["Name"]), _ABSENT)
    if there is None:
        return None
    return Found({})


def _group_tags(account: Account, request: Request) -> dict[str, str]:
    arn = account.arn("scheduler", f"schedule-group/{request['Name']}")
    return as_map(account.clients("scheduler").list_tags_for_resource(ResourceArn=arn)["Tags"])


def _create_group(account: Account, request: Request) -> None:
    account.clients("scheduler").create_schedule_group(**request)


def _update_group(account: Account, request: Request, there: Found) -> None:
    """Do nothing: a group has only a name and tags."""


def _delete_group(account: Account, request: Request) -> None:
    account.clients("scheduler").delete_schedule_group(Name=request["Name"])


def _schedules_of(account: Account, request: Request) -> list[str]:
    pages = account.clients("scheduler").get_paginator("list_schedules").paginate(GroupName=request["Name"])
    return [f"schedules/{schedule['Name']}" for page in pages for schedule in page["Schedules"]]


def _tag_group(account: Account, request: Request, tags: dict[str, str]) -> None:
    arn = account.arn("scheduler", f"schedule-group/{request['Name']}")
    account.clients("scheduler").tag_resource(ResourceArn=arn, Tags=as_list(tags))


def _schedule(account: Account, request: Request) -> Found | None:
    where = {"Name": request["Name"], "GroupName": request["GroupName"]}
    there = found(lambda: account.clients("scheduler").get_schedule(**where), _ABSENT)
    return None if there is None else Found(members(there, SCHEDULES.shape, "Name", "GroupName", "ClientToken"))


def dated(request: Request) -> Request:
    """Convert the dates in a request to UTC text: YAML, AWS and records represent them differently."""
    dates: Request = {name: _text(request[name]) for name in ("StartDate", "EndDate") if name in request}
    return {**request, **dates}


def _text(given: Any) -> str:
    if isinstance(given, int | float):
        given = datetime.fromtimestamp(given, timezone.utc)
    if not isinstance(given, datetime):
        given = datetime.fromisoformat(str(given).replace("Z", "+00:00"))
    if given.tzinfo is None:
        given = given.replace(tzinfo=timezone.utc)
    return str(given.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"))


def _create_schedule(account: Account, request: Request) -> None:
    account.clients("scheduler").create_schedule(**dated(request))


def _update_schedule(account: Account, request: Request, there: Found) -> None:
    account.clients("scheduler").update_schedule(**dated(request))


def _delete_schedule(account: Account, request: Request) -> None:
    account.clients("scheduler").delete_schedule(Name=request["Name"], GroupName=request["GroupName"])


GROUPS = Kind(
    service="scheduler",
    operation="CreateScheduleGroup",
    name=("Name",),
    read=_group,
    create=_create_group,
    update=_update_group,
    delete=_delete_group,
    contents=_schedules_of,
    tagging=Tagging(tags_as_list, _group_tags, _tag_group),
    promoted=("Name", "Tags"),
    identity=("Name", "ClientToken"),
)

SCHEDULES = Kind(
    service="scheduler",
    operation="CreateSchedule",
    name=("Name",),
    read=_schedule,
    create=_create_schedule,
    update=_update_schedule,
    delete=_delete_schedule,
    owner=("schedule_groups", "GroupName"),
    promoted=(
        *("Name", "GroupName", "ScheduleExpression", "StartDate", "EndDate", "Description"),
        *("ScheduleExpressionTimezone", "State", "KmsKeyArn", "Target", "FlexibleTimeWindow", "ActionAfterCompletion"),
    ),
    identity=("Name", "GroupName", "ClientToken"),
    canonical=dated,
)
