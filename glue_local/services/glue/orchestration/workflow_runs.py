"""Start, stop, resume and read workflow runs, with their graphs and properties."""

from typing import Any

from glue_local.orchestrate import workflow_runs as runs
from glue_local.services.context import Context
from glue_local.services.glue.orchestration.lookup import (
    chain_of,
    find_workflow,
    find_workflow_run,
    shown_run,
    shown_runs,
)
from glue_local.services.paging import page_of_latest
from glue_local.store import kinds

_PAGE = 100


def start_workflow_run(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """StartWorkflowRun: fire the workflow's start trigger. Returns {RunId}.

    ``RunProperties`` override the workflow's DefaultRunProperties. Errors:
    EntityNotFoundException, ConcurrentRunsExceededException, InvalidInputException without a start trigger.
    """
    workflow = find_workflow(ctx, request["Name"])
    return {"RunId": runs.start(ctx, ctx.documents, workflow, request.get("RunProperties"))}


def stop_workflow_run(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """StopWorkflowRun: stop the run's job runs; its triggers no longer fire. Returns {}.

    The run is STOPPING until the job runs have ended, then STOPPED. Errors: EntityNotFoundException,
    IllegalWorkflowStateException.
    """
    with ctx.documents.transaction():
        run = find_workflow_run(ctx, request["Name"], request["RunId"])
        runs.stop(ctx, ctx.documents, run, chain_of(ctx, run))
    return {}


def resume_workflow_run(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """ResumeWorkflowRun: run nodes of a COMPLETED run and their dependents again, as a new run. Returns {RunId, NodeIds}.

    Errors: EntityNotFoundException, IllegalWorkflowStateException, ConcurrentRunsExceededException,
    InvalidInputException for a node that was not run.
    """
    name = request["Name"]
    with ctx.documents.transaction():
        workflow, run = find_workflow(ctx, name), find_workflow_run(ctx, name, request["RunId"])
        chain = chain_of(ctx, run)
        run_id, nodes = runs.resume(ctx, ctx.documents, workflow, run, chain, request["NodeIds"])
    return {"RunId": run_id, "NodeIds": nodes}


def get_workflow_run(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetWorkflowRun: return {Run}; ``IncludeGraph`` adds its Graph. Errors: EntityNotFoundException."""
    run = find_workflow_run(ctx, request["Name"], request["RunId"])
    return {"Run": shown_run(ctx, run, graph=request.get("IncludeGraph", False))}


def get_workflow_runs(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetWorkflowRuns: return a page of {Runs, NextToken}, the latest first. Errors: EntityNotFoundException."""
    name = request["Name"]
    find_workflow(ctx, name)
    found, token = page_of_latest(ctx.documents, kinds.WORKFLOW_RUN, name, request, _PAGE, id_member="WorkflowRunId")
    return {"Runs": shown_runs(ctx, found, graph=request.get("IncludeGraph", False)), "NextToken": token}


def get_workflow_run_properties(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetWorkflowRunProperties: return {RunProperties}. Errors: EntityNotFoundException."""
    return {"RunProperties": find_workflow_run(ctx, request["Name"], request["RunId"])["WorkflowRunProperties"]}


def put_workflow_run_properties(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """PutWorkflowRunProperties: add properties to a run or replace their values; keeps the others. Returns {}.

    Errors: EntityNotFoundException.
    """
    with ctx.documents.transaction():
        run = find_workflow_run(ctx, request["Name"], request["RunId"])
        run["WorkflowRunProperties"].update(request["RunProperties"])
        ctx.documents.write(kinds.WORKFLOW_RUN, run["Name"], run["WorkflowRunId"], doc=run, state=run["Status"])
    return {}
