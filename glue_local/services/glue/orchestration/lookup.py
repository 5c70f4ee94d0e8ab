"""Look up triggers, workflows and workflow runs, and show runs as AWS does."""

from glue_local.core.faults import Missing
from glue_local.orchestrate.chains import new_chain, read_chain, read_chains
from glue_local.orchestrate.graph import run_graph, statistics
from glue_local.services.context import Context
from glue_local.store import Document, kinds


def find_trigger(ctx: Context, name: str) -> Document:
    """Return a trigger; raises Missing."""
    trigger = ctx.documents.read(kinds.TRIGGER, name)
    if trigger is None:
        raise Missing(f"Trigger {name} not found.")
    return trigger


def find_workflow(ctx: Context, name: str) -> Document:
    """Return a workflow; raises Missing."""
    workflow = ctx.documents.read(kinds.WORKFLOW, name)
    if workflow is None:
        raise Missing(f"Workflow {name} not found.")
    return workflow


def find_workflow_run(ctx: Context, name: str, run_id: str) -> Document:
    """Return a run of a workflow; raises Missing."""
    run = ctx.documents.read(kinds.WORKFLOW_RUN, name, run_id)
    if run is None:
        raise Missing(f"Workflow run {run_id} not found for workflow {name}.")
    return run


def chain_of(ctx: Context, run: Document) -> Document:
    """Return the chain of a workflow run."""
    return read_chain(ctx.documents, run["WorkflowRunId"]) or new_chain(run["WorkflowRunId"], run["Name"])


def shown_run(ctx: Context, run: Document, *, graph: bool) -> Document:
    """Return a WorkflowRun as AWS shows it, with its Statistics and, if ``graph``, its Graph."""
    return _shown(ctx, run, chain_of(ctx, run), graph)


def shown_runs(ctx: Context, runs: list[Document], *, graph: bool) -> list[Document]:
    """Return WorkflowRuns as ``shown_run`` does; reads their chains at once."""
    chains = {chain["Id"]: chain for chain in read_chains(ctx.documents, [run["WorkflowRunId"] for run in runs])}
    return [
        _shown(ctx, run, chains.get(run["WorkflowRunId"]) or new_chain(run["WorkflowRunId"], run["Name"]), graph)
        for run in runs
    ]


def _shown(ctx: Context, run: Document, chain: Document, graph: bool) -> Document:
    more = {"Graph": run_graph(ctx.documents, chain)} if graph else {}
    return {**run, "Statistics": statistics(ctx.documents, chain), **more}
