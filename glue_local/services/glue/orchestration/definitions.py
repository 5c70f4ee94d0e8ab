"""Validate the definitions of triggers."""

from typing import Any

from glue_local.core.faults import Exists, Invalid, Missing
from glue_local.orchestrate.conditions import predecessors, target, targets
from glue_local.orchestrate.schedules import parse_schedule
from glue_local.orchestrate.workflow_runs import START_TYPES, start_trigger, triggers_of
from glue_local.runs.capacity import check_timeout
from glue_local.services.context import Context
from glue_local.services.glue.jobs.limits import check_arguments
from glue_local.store import Document, kinds

_JOB_STATES = ("SUCCEEDED", "STOPPED", "FAILED", "TIMEOUT")
_CRAWL_STATES = ("SUCCEEDED", "CANCELLED", "FAILED")
_MOST_CRAWLERS = 2

# The only type of trigger that may have a member, and whether it must have it.
_MEMBERS = {
    "Schedule": ("SCHEDULED", True),
    "Predicate": ("CONDITIONAL", True),
    "EventBatchingCondition": ("EVENT", False),
}


def check_definition(ctx: Context, trigger: Document) -> None:
    """Raise Invalid or Missing for a definition that AWS refuses."""
    kind = trigger["Type"]
    for member, (of, required) in _MEMBERS.items():
        if kind == of and required and not trigger.get(member):
            raise Invalid(f"{member} cannot be null or empty for a trigger of type {kind}.")
        if kind != of and member in trigger:
            raise Invalid(f"{member} is not allowed for a trigger of type {kind}, only for {of}.")
    if kind == "SCHEDULED":
        parse_schedule(trigger["Schedule"], ctx.now)
    _check_actions(ctx, trigger["Actions"])
    if kind == "CONDITIONAL":
        _check_predicate(trigger["Predicate"])
        if {(one.kind, one.name) for one in predecessors(trigger)} & set(targets(trigger)):
            # AWS's message: hashicorp/terraform-provider-aws issue 39571.
            raise Invalid("Job cannot be a Predicate and Action for Conditional Trigger.")


def check_workflow(ctx: Context, trigger: Document) -> None:
    """Raise Missing if the workflow of a new trigger does not exist, Invalid if it already has a start trigger."""
    name = trigger.get("WorkflowName")
    if name is None:
        if trigger["Type"] == "EVENT":
            raise Invalid("WorkflowName is required for a trigger of type EVENT, which can only start a workflow.")
        return
    if ctx.documents.read(kinds.WORKFLOW, name) is None:
        raise Missing(f"Workflow {name} not found.")
    if trigger["Type"] in START_TYPES:
        # https://docs.aws.amazon.com/glue/latest/dg/workflows_overview.html
        found = start_trigger(triggers_of(ctx.documents, name))
        if found is not None and found["Name"] != trigger["Name"]:
            raise Invalid(
                f"Workflow {name} already has the start trigger {found['Name']}: delete it first, or use another workflow."
            )


def check_new(ctx: Context, name: str) -> None:
    """Raise Exists if there is a trigger with this name."""
    if ctx.documents.read(kinds.TRIGGER, name) is not None:
        raise Exists(f"Trigger already exists: {name}")


def _check_predicate(predicate: dict[str, Any]) -> None:
    conditions = predicate.get("Conditions", [])
    if not conditions:
        raise Invalid("Predicate needs at least one condition.")
    if len(conditions) > 1 and "Logical" not in predicate:
        raise Invalid("Logical is required in a Predicate with several conditions: AND or ANY.")
    for condition in conditions:
        if ("JobName" in condition) == ("CrawlerName" in condition):
            raise Invalid("A condition needs a JobName with a State, or a CrawlerName with a CrawlState.")
        if "JobName" in condition:
            _check_state(condition, "State", condition["JobName"], _JOB_STATES)
        else:
            _check_state(condition, "CrawlState", condition["CrawlerName"], _CRAWL_STATES)


def _check_state(condition: dict[str, Any], member: str, name: str, allowed: tuple[str, ...]) -> None:
    if condition.get(member) not in allowed:
        raise Invalid(
            f"{member} {condition.get(member)} of the condition on {name} is not supported:"
            f" use one of {', '.join(allowed)}."
        )


def _check_actions(ctx: Context, actions: list[dict[str, Any]]) -> None:
    if not actions:
        raise Invalid("Actions needs at least one action.")
    if sum("CrawlerName" in action for action in actions) > _MOST_CRAWLERS:
        raise Invalid(f"A trigger starts at most {_MOST_CRAWLERS} crawlers.")
    for action in actions:
        if ("JobName" in action) == ("CrawlerName" in action):
            raise Invalid("An action needs either JobName or CrawlerName.")
        check_timeout(action)
        check_arguments(action)
        kind, name = target(action)
        if ctx.documents.read(kind, name) is None:
            raise Missing(f"{kind.capitalize()} {name} not found.")
