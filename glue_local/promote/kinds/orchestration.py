"""Glue's workflows and triggers."""

from glue_local.promote.kinds.kind import Account, Found, Kind, Request, Tagging, found, members
from glue_local.promote.kinds.tags import tags_as_map

_ABSENT = "EntityNotFoundException"
# UpdateWorkflow keeps members that the request omits.
_EMPTY: Request = {"Description": "", "DefaultRunProperties": {}}
_ACTIVE = ("ACTIVATING", "ACTIVATED")
# Only these are ever active.
_STARTED = ("SCHEDULED", "CONDITIONAL")
_UPDATED = ("Description", "Schedule", "Actions", "Predicate", "EventBatchingCondition")


def _tagging(resource: str) -> Tagging:
    def read(account: Account, request: Request) -> dict[str, str]:
        arn = account.arn("glue", f"{resource}/{request['Name']}")
        return dict(account.clients("glue").get_tags(ResourceArn=arn)["Tags"])

    def put(account: Account, request: Request, tags: dict[str, str]) -> None:
        arn = account.arn("glue", f"{resource}/{request['Name']}")
        account.clients("glue").tag_resource(ResourceArn=arn, TagsToAdd=tags)

    return Tagging(tags_as_map, read, put)


def _workflow(account: Account, request: Request) -> Found | None:
    there = found(lambda: account.clients("glue").get_workflow(Name=request["Name"])["Workflow"], _ABSENT)
    if there is None:
        return None
    attributes = members(there, WORKFLOWS.shape, "Name", "Tags")
    return Found({name: value for name, value in attributes.items() if value not in ("", {}, None)})


def _create_workflow(account: Account, request: Request) -> None:
    account.clients("glue").create_workflow(**request)


def _update_workflow(account: Account, request: Request, there: Found) -> None:
    # Tags have their own operations.
    definition = {name: value for name, value in request.items() if name != "Tags"}
    account.clients("glue").update_workflow(**{**_EMPTY, **definition})


def _delete_workflow(account: Account, request: Request) -> None:
    account.clients("glue").delete_workflow(Name=request["Name"])


def _trigger(account: Account, request: Request) -> Found | None:
    there = found(lambda: account.clients("glue").get_trigger(Name=request["Name"])["Trigger"], _ABSENT)
    if there is None or there.get("State") == "DELETING":
        return None
    attributes = members(there, TRIGGERS.shape, "Name", "Tags")
    active = there["Type"] in _STARTED and there.get("State") in _ACTIVE
    return Found({**attributes, "StartOnCreation": active})


def _create_trigger(account: Account, request: Request) -> None:
    account.clients("glue").create_trigger(**request)


def _update_trigger(account: Account, request: Request, there: Found) -> None:
    glue, name = account.clients("glue"), request["Name"]
    glue.update_trigger(Name=name, TriggerUpdate={member: request[member] for member in _UPDATED if member in request})
    wanted = request.get("StartOnCreation", False)
    if wanted != there.attributes["StartOnCreation"]:
        (glue.start_trigger if wanted else glue.stop_trigger)(Name=name)


def _delete_trigger(account: Account, request: Request) -> None:
    account.clients("glue").delete_trigger(Name=request["Name"])


def _with_defaults(trigger: Request) -> Request:
    return {"StartOnCreation": False, **trigger}


WORKFLOWS = Kind(
    service="glue",
    operation="CreateWorkflow",
    name=("Name",),
    read=_workflow,
    create=_create_workflow,
    update=_update_workflow,
    delete=_delete_workflow,
    tagging=_tagging("workflow"),
    promoted=("Name", "Description", "DefaultRunProperties", "Tags", "MaxConcurrentRuns"),
    identity=("Name",),
)

TRIGGERS = Kind(
    service="glue",
    operation="CreateTrigger",
    name=("Name",),
    read=_trigger,
    create=_create_trigger,
    update=_update_trigger,
    delete=_delete_trigger,
    tagging=_tagging("trigger"),
    # StartOnCreation determines its state: a promotion starts and stops triggers.
    promoted=(
        *("Name", "WorkflowName", "Type", "Schedule", "Predicate", "Actions", "Description", "StartOnCreation", "Tags"),
        "EventBatchingCondition",
    ),
    identity=("Name",),
    immutable=("Type", "WorkflowName"),
    canonical=_with_defaults,
)
