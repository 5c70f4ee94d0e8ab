"""Workflows: groups of triggers, with default properties and limits for their runs."""

from typing import Any

from glue_local.core import arns
from glue_local.core.faults import Exists, Invalid
from glue_local.orchestrate.graph import design
from glue_local.orchestrate.workflow_runs import triggers_of
from glue_local.services.context import Context
from glue_local.services.glue.orchestration.lookup import find_workflow, shown_run
from glue_local.services.paging import page_of_names
from glue_local.services.tagged_resources import check_tag_names
from glue_local.store import Document, kinds

_PAGE = 25
_MEMBERS = ("Description", "DefaultRunProperties", "MaxConcurrentRuns")


def create_workflow(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreateWorkflow: store a workflow without triggers. Returns {Name}.

    Errors: AlreadyExistsException, InvalidInputException.
    """
    name, now = request["Name"], ctx.now
    check_tag_names(request.get("Tags", {}))
    workflow = {"Name": name, **_definition(request), "CreatedOn": now, "LastModifiedOn": now}
    with ctx.documents.transaction():
        if not ctx.documents.insert(kinds.WORKFLOW, name, doc=workflow):
            raise Exists(f"Workflow already exists: {name}")
        if request.get("Tags"):
            ctx.documents.write(kinds.TAGS, arns.workflow(ctx.region, ctx.account, name), doc=dict(request["Tags"]))
    return {"Name": name}


def update_workflow(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateWorkflow: change the given members and keep the others. Returns {Name}. Errors: EntityNotFoundException."""
    name = request["Name"]
    with ctx.documents.transaction():
        workflow = {**find_workflow(ctx, name), **_definition(request), "LastModifiedOn": ctx.now}
        ctx.documents.write(kinds.WORKFLOW, name, doc=workflow)
    return {"Name": name}


def get_workflow(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetWorkflow: return {Workflow} with its LastRun; ``IncludeGraph`` adds its Graph. Errors: EntityNotFoundException."""
    return {"Workflow": _shown(ctx, find_workflow(ctx, request["Name"]), request)}


def batch_get_workflows(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchGetWorkflows: return {Workflows, MissingWorkflows}."""
    found = {name: ctx.documents.read(kinds.WORKFLOW, name) for name in request["Names"]}
    return {
        "Workflows": [_shown(ctx, workflow, request) for workflow in found.values() if workflow],
        "MissingWorkflows": [name for name, workflow in found.items() if not workflow],
    }


def list_workflows(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """ListWorkflows: return a page of {Workflows, NextToken}; Workflows are names."""
    found, token = page_of_names(ctx.documents, kinds.WORKFLOW, request, _PAGE, listing=("ListWorkflows",))
    return {"Workflows": found, "NextToken": token}


def delete_workflow(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteWorkflow: delete a workflow and its runs. Succeeds if it does not exist. Returns {Name}.

    Its triggers remain, without effect until a workflow with this name exists again. Jobs and job runs remain too.
    """
    name = request["Name"]
    with ctx.documents.transaction():
        if ctx.documents.remove(kinds.WORKFLOW, name):
            for _, run_id in ctx.documents.keys(kinds.WORKFLOW_RUN, name):
                ctx.documents.remove(kinds.CHAIN, run_id)
            ctx.documents.remove_under(kinds.WORKFLOW_RUN, name)
            ctx.documents.remove(kinds.TAGS, arns.workflow(ctx.region, ctx.account, name))
    return {"Name": name}


def _definition(request: dict[str, Any]) -> Document:
    if request.get("MaxConcurrentRuns", 1) < 1:
        raise Invalid("MaxConcurrentRuns must be at least 1.")
    return {member: request[member] for member in _MEMBERS if member in request}


def _shown(ctx: Context, workflow: Document, request: dict[str, Any]) -> Document:
    name = workflow["Name"]
    last = ctx.documents.latest(kinds.WORKFLOW_RUN, name, limit=1)
    graph = {"Graph": design(name, triggers_of(ctx.documents, name))} if request.get("IncludeGraph") else {}
    last_run = {"LastRun": shown_run(ctx, last[0], graph=False)} if last else {}
    return {**workflow, **last_run, **graph}
