"""Start, stop, resume and end workflow runs. The chain of a run records what it has started."""

from collections.abc import Mapping, Sequence
from typing import Any

from glue_local import crawler_runs, runs
from glue_local.core.faults import ConcurrentRunsExceeded, IllegalState, Invalid
from glue_local.crawler_runs.states import RUNNING as CRAWLER_RUNNING
from glue_local.orchestrate.actions import fire, start_action
from glue_local.orchestrate.chains import is_active, new_chain, write_chain
from glue_local.orchestrate.conditions import target
from glue_local.orchestrate.graph import dependents, node_id
from glue_local.runs.attempts import attempts
from glue_local.runs.states import STATES as JOB_RUN_STATES
from glue_local.store import Document, Documents, kinds
from glue_local.work import Context

RUNNING, COMPLETED, STOPPING, STOPPED, ERROR = "RUNNING", "COMPLETED", "STOPPING", "STOPPED", "ERROR"
_ACTIVE = (RUNNING, STOPPING)
START_TYPES = ("ON_DEMAND", "SCHEDULED", "EVENT")
"""The types that a workflow's start trigger may have."""


def triggers_of(documents: Documents, workflow: str) -> list[Document]:
    """Return the triggers of a workflow, in the order of their names."""
    names = documents.keys(kinds.WORKFLOW_TRIGGER, workflow)
    return documents.read_all(kinds.TRIGGER, [(name,) for _, name in names])


def start_trigger(triggers: Sequence[Document]) -> Document | None:
    """Return the start trigger among the triggers of a workflow."""
    return next((trigger for trigger in triggers if trigger["Type"] in START_TYPES), None)


def check_concurrent_runs(documents: Documents, workflow: Document) -> None:
    """Raise ConcurrentRunsExceeded if as many runs of a workflow are active as its MaxConcurrentRuns allows."""
    most = workflow.get("MaxConcurrentRuns")
    name = workflow["Name"]
    if most is not None and sum(documents.count_in_state(kinds.WORKFLOW_RUN, state, name) for state in _ACTIVE) >= most:
        raise ConcurrentRunsExceeded(f"Concurrent runs exceeded for workflow: {name}.")


def start(
    ctx: Context,
    documents: Documents,
    workflow: Document,
    properties: Mapping[str, str] | None = None,
    batch: Document | None = None,
) -> str:
    """Start a run of a workflow with its current triggers; return the run's id.

    ``batch`` is the StartingEventBatchCondition. Raises ConcurrentRunsExceeded, or Invalid without a start trigger.
    """
    with ctx.store.transaction():
        check_concurrent_runs(documents, workflow)
        triggers = triggers_of(documents, workflow["Name"])
        first = start_trigger(triggers)
        if first is None:
            raise Invalid(f"Workflow {workflow['Name']} has no start trigger.")
        run = _new_run(ctx, workflow, properties or {}, batch)
        chain = new_chain(run["WorkflowRunId"], workflow["Name"], triggers)
        fire(ctx, documents, chain, first)
        _store(documents, run, chain)
    return str(run["WorkflowRunId"])


def start_or_store_error(ctx: Context, documents: Documents, name: str, **more: Any) -> None:
    """Start a run for a schedule or events. If MaxConcurrentRuns is reached, store a run in state ERROR, as AWS does."""
    workflow = documents.read(kinds.WORKFLOW, name)
    if workflow is None:
        return
    with ctx.store.transaction():
        try:
            start(ctx, documents, workflow, **more)
        except ConcurrentRunsExceeded as fault:
            run = _new_run(ctx, workflow, more.get("properties", {}), more.get("batch"))
            run |= {"Status": ERROR, "ErrorMessage": fault.message, "CompletedOn": ctx.now}
            _store(documents, run, new_chain(run["WorkflowRunId"], name, triggers_of(documents, name)))


def stop(ctx: Context, documents: Documents, run: Document, chain: Document) -> None:
    """Stop a run with its job runs and crawlers. Raises IllegalState if it is not RUNNING."""
    if run["Status"] != RUNNING:
        raise IllegalState(f"Workflow run {run['WorkflowRunId']} is in {run['Status']} state and cannot be stopped.")
    with ctx.store.transaction():
        run["Status"] = STOPPING
        _store(documents, run, chain)
        for action in chain["Actions"]:
            if not action["State"]:
                _STOPPERS[action["Kind"]](ctx, documents, chain["Id"], action)
        conclude(ctx, documents, chain)


def resume(
    ctx: Context, documents: Documents, workflow: Document, run: Document, chain: Document, nodes: Sequence[str]
) -> tuple[str, list[str]]:
    """Run nodes of a completed run and all that depend on them again, as a new run; return its id and the started nodes.

    A node that depends on another one of ``nodes`` is started by its trigger, so it is not returned as started. The
    other nodes are copied. https://docs.aws.amazon.com/glue/latest/dg/resuming-workflow.html

    Raises IllegalState if the run is not COMPLETED, Invalid for a node that did not run, ConcurrentRunsExceeded.
    """
    if run["Status"] != COMPLETED:
        raise IllegalState(f"Workflow run {run['WorkflowRunId']} is in {run['Status']} state and cannot be resumed.")
    attempted = {node_id(chain["Workflow"], one["Kind"], one["Name"]) for one in chain["Actions"]}
    for node in nodes:
        if node not in attempted:
            raise Invalid(f"Node {node} of workflow run {run['WorkflowRunId']} is not a job or crawler that was run.")
    dependent = {node for one in nodes for node in dependents(chain, one)}
    # If all nodes depend on each other (a cycle), start all of them.
    first = [node for node in dict.fromkeys(nodes) if node not in dependent] or list(dict.fromkeys(nodes))
    with ctx.store.transaction():
        check_concurrent_runs(documents, workflow)
        again = _new_run(ctx, {**workflow, "DefaultRunProperties": {}}, run["WorkflowRunProperties"])
        again["PreviousRunId"] = run["WorkflowRunId"]
        copied = _copy_without(chain, again["WorkflowRunId"], {*first, *dependent})
        _start_again(ctx, documents, chain, copied, first)
        _store(documents, again, copied)
    return str(again["WorkflowRunId"]), first


def conclude(ctx: Context, documents: Documents, chain: Document) -> None:
    """Store a chain; end its workflow run, if any, once nothing in the chain is running."""
    write_chain(documents, chain)
    run = documents.read(kinds.WORKFLOW_RUN, chain["Workflow"], chain["Id"]) if chain["Workflow"] else None
    if run is not None and run["Status"] in _ACTIVE and not is_active(chain):
        run |= {"Status": STOPPED if run["Status"] == STOPPING else COMPLETED, "CompletedOn": ctx.now}
        _store(documents, run, chain)


def may_fire(documents: Documents, chain: Document) -> bool:
    """Return whether a chain may still fire triggers. The chain of a stopping workflow run may not."""
    return not chain["Workflow"] or documents.state(kinds.WORKFLOW_RUN, chain["Workflow"], chain["Id"]) == RUNNING


def _new_run(
    ctx: Context, workflow: Document, properties: Mapping[str, str], batch: Document | None = None
) -> Document:
    return {
        "Name": workflow["Name"],
        "WorkflowRunId": ctx.ids.workflow_run_id(),
        "WorkflowRunProperties": {**workflow.get("DefaultRunProperties", {}), **properties},
        "StartedOn": ctx.now,
        "Status": RUNNING,
        **({"StartingEventBatchCondition": batch} if batch else {}),
    }


def _store(documents: Documents, run: Document, chain: Document) -> None:
    documents.write(kinds.WORKFLOW_RUN, run["Name"], run["WorkflowRunId"], doc=run, state=run["Status"])
    write_chain(documents, chain)


def _stop_job(ctx: Context, documents: Documents, chain_id: str, action: Document) -> None:
    *_, last = attempts(documents, action["Name"], action["Run"])
    if not JOB_RUN_STATES.is_final(last["JobRunState"]):
        documents.write(kinds.STARTED_BY, action["Run"], doc={"Chain": chain_id, "Stopped": True})
        runs.stop(ctx, documents, last)


def _stop_crawler(ctx: Context, documents: Documents, chain_id: str, action: Document) -> None:
    crawler = documents.read(kinds.CRAWLER, action["Name"])
    if crawler is not None and crawler.get("CurrentCrawl") == action["Run"] and crawler["State"] == CRAWLER_RUNNING:
        crawler_runs.stop(ctx, documents, crawler)


# By kind of action.
_STOPPERS = {kinds.JOB: _stop_job, kinds.CRAWLER: _stop_crawler}


def _copy_without(chain: Document, run_id: str, nodes: set[str]) -> Document:
    """Return the chain of a resumed run: a copy of the old one without the nodes that run again."""
    workflow = chain["Workflow"]
    copied = new_chain(run_id, workflow, chain["Triggers"])
    copied["Fired"] = [name for name in chain["Fired"] if node_id(workflow, kinds.TRIGGER, name) not in nodes]
    copied["Actions"] = [
        dict(one) for one in chain["Actions"] if node_id(workflow, one["Kind"], one["Name"]) not in nodes
    ]
    return copied


def _start_again(ctx: Context, documents: Documents, chain: Document, copied: Document, nodes: Sequence[str]) -> None:
    triggers = {trigger["Name"]: trigger for trigger in chain["Triggers"]}
    for done in chain["Actions"]:
        if node_id(chain["Workflow"], done["Kind"], done["Name"]) in nodes:
            trigger = triggers[done["Trigger"]]
            for action in trigger["Actions"]:
                if target(action) == (done["Kind"], done["Name"]):
                    start_action(ctx, documents, copied, trigger, action)
                    break
