"""Triggers: definitions that start jobs on demand, on a schedule, on conditions or on events."""

from typing import Any

from glue_local.core import arns
from glue_local.core.faults import Invalid
from glue_local.orchestrate.triggers import fire_now, remove_trigger, store_trigger
from glue_local.services.context import Context
from glue_local.services.glue.orchestration.definitions import check_definition, check_new, check_workflow
from glue_local.services.glue.orchestration.lookup import find_trigger
from glue_local.services.paging import page_of_documents, page_of_names
from glue_local.services.tagged_resources import check_tag_names
from glue_local.store import Condition, Document, kinds
from glue_local.store.conditions import all_of, with_item, with_tags

_PAGE = 200
_MEMBERS = ("Description", "Schedule", "Predicate", "Actions", "EventBatchingCondition")
_NOT_ON_CREATION = ("ON_DEMAND", "EVENT")


def create_trigger(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreateTrigger: store a trigger in state CREATED, with ``StartOnCreation`` ACTIVATED. Returns {Name}.

    Errors: AlreadyExistsException, InvalidInputException; EntityNotFoundException for its workflow and its jobs.
    """
    name, kind = request["Name"], request["Type"]
    check_tag_names(request.get("Tags", {}))
    at_once = request.get("StartOnCreation", False)
    if at_once and kind in _NOT_ON_CREATION:
        raise Invalid(f"StartOnCreation is not supported for a trigger of type {kind}.")
    trigger: Document = {
        "Name": name,
        **({"WorkflowName": request["WorkflowName"]} if "WorkflowName" in request else {}),
        "Type": kind,
        "State": "ACTIVATED" if at_once else "CREATED",
        **_definition(request),
    }
    with ctx.documents.transaction():
        check_new(ctx, name)
        check_definition(ctx, trigger)
        check_workflow(ctx, trigger)
        store_trigger(ctx, ctx.documents, trigger)
        if request.get("Tags"):
            ctx.documents.write(kinds.TAGS, arns.trigger(ctx.region, ctx.account, name), doc=dict(request["Tags"]))
    return {"Name": name}


def update_trigger(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateTrigger: replace the definition; keeps type, workflow and state. Returns {Trigger}.

    Running workflow runs keep the old definition. Errors: EntityNotFoundException, InvalidInputException.
    """
    with ctx.documents.transaction():
        before = find_trigger(ctx, request["Name"])
        kept: Document = {
            member: before[member] for member in ("Name", "WorkflowName", "Type", "State") if member in before
        }
        trigger = {**kept, **_definition(request["TriggerUpdate"])}
        check_definition(ctx, trigger)
        store_trigger(ctx, ctx.documents, trigger, before)
    return {"Trigger": trigger}


def get_trigger(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetTrigger: return {Trigger}. Errors: EntityNotFoundException."""
    return {"Trigger": find_trigger(ctx, request["Name"])}


def batch_get_triggers(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchGetTriggers: return {Triggers, TriggersNotFound}."""
    found = {name: ctx.documents.read(kinds.TRIGGER, name) for name in request["TriggerNames"]}
    return {
        "Triggers": [trigger for trigger in found.values() if trigger],
        "TriggersNotFound": [name for name, trigger in found.items() if not trigger],
    }


def get_triggers(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetTriggers: return a page of {Triggers, NextToken}, by name; with ``DependentJobName``, those that start this job.

    As on AWS, returns all triggers if none starts it.
    """
    job = request.get("DependentJobName")
    listing, condition = ("GetTriggers", job), _starting(ctx, job)
    found, token = page_of_documents(ctx.documents, kinds.TRIGGER, request, _PAGE, listing=listing, condition=condition)
    return {"Triggers": found, "NextToken": token}


def list_triggers(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """ListTriggers: return a page of {TriggerNames, NextToken}, of the triggers with all of ``Tags``."""
    job, tags = request.get("DependentJobName"), request.get("Tags", {})
    tagged = with_tags(arns.trigger(ctx.region, ctx.account, ""), tags)
    listing = ("ListTriggers", job, tags)
    condition = all_of([one for one in (_starting(ctx, job), tagged) if one])
    found, token = page_of_names(ctx.documents, kinds.TRIGGER, request, _PAGE, listing=listing, condition=condition)
    return {"TriggerNames": found, "NextToken": token}


def start_trigger(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """StartTrigger: fire an ON_DEMAND trigger, which stays CREATED; activate a trigger of another type. Returns {Name}.

    Errors: EntityNotFoundException, ConcurrentRunsExceededException for its workflow.
    """
    with ctx.documents.transaction():
        trigger = find_trigger(ctx, request["Name"])
        if trigger["Type"] == "ON_DEMAND":
            fire_now(ctx, ctx.documents, trigger)
        else:
            store_trigger(ctx, ctx.documents, {**trigger, "State": "ACTIVATED"}, trigger)
    return {"Name": request["Name"]}


def stop_trigger(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """StopTrigger: deactivate a trigger; its runs continue. Returns {Name}.

    Errors: EntityNotFoundException; InvalidInputException for the type ON_DEMAND, which is never active.
    """
    with ctx.documents.transaction():
        trigger = find_trigger(ctx, request["Name"])
        if trigger["Type"] == "ON_DEMAND":
            raise Invalid(f"Trigger {request['Name']} is of type ON_DEMAND and cannot be stopped.")
        store_trigger(ctx, ctx.documents, {**trigger, "State": "DEACTIVATED"}, trigger)
    return {"Name": request["Name"]}


def delete_trigger(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteTrigger: delete a trigger; its runs continue. Succeeds if it does not exist. Returns {Name}."""
    name = request["Name"]
    with ctx.documents.transaction():
        trigger = ctx.documents.read(kinds.TRIGGER, name)
        if trigger is not None:
            remove_trigger(ctx.documents, trigger)
            ctx.documents.remove(kinds.TAGS, arns.trigger(ctx.region, ctx.account, name))
    return {"Name": name}


def _definition(members: dict[str, Any]) -> Document:
    return {"Actions": [], **{member: members[member] for member in _MEMBERS if member in members}}


def _starting(ctx: Context, job: str | None) -> Condition | None:
    """Return the condition that a trigger starts a job, None if no trigger does."""
    condition = with_item("Actions", "JobName", job) if job else None
    return condition if ctx.documents.keys(kinds.TRIGGER, limit=1, condition=condition) else None
