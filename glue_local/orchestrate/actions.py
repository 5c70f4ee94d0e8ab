"""The actions of a trigger: they start job runs and crawlers, in the transaction that records the firing."""

from typing import Any

from glue_local import crawler_runs, runs
from glue_local.core.faults import ConcurrentRunsExceeded, Conflict, Invalid, Missing
from glue_local.orchestrate.conditions import Predecessor, predecessors, target
from glue_local.runs.endings import report
from glue_local.runs.new_run import bare_run, new_run
from glue_local.runs.states import ERROR, FAILED
from glue_local.runs.usage_profiles import check_run
from glue_local.store import Document, Documents, kinds
from glue_local.work import Context, Ending


def fire(ctx: Context, documents: Documents, chain: Document, trigger: Document) -> None:
    """Start a trigger's actions and record them in the chain. Call it in a transaction that also stores the chain."""
    chain["Fired"].append(trigger["Name"])
    for action in trigger["Actions"]:
        start_action(ctx, documents, chain, trigger, action)


def start_action(ctx: Context, documents: Documents, chain: Document, trigger: Document, action: Document) -> None:
    """Start one action of a trigger.

    A job run that cannot start is stored in the state that AWS gives it: ERROR if the job was deleted, FAILED if its MaxConcurrentRuns
    is reached (https://docs.aws.amazon.com/glue/latest/dg/job-run-statuses.html).
    """
    kind, name = target(action)
    run_id = _STARTERS[kind](ctx, documents, chain, trigger, action)
    chain["Actions"].append({"Trigger": trigger["Name"], "Kind": kind, "Name": name, "Run": run_id, "State": ""})


def _start_job(ctx: Context, documents: Documents, chain: Document, trigger: Document, action: Document) -> str:
    name = action["JobName"]
    wanted = {**action, "Arguments": _arguments(chain, action)}
    job = documents.read(kinds.JOB, name)
    run, refusal = _new_run(ctx, documents, job, name, wanted)
    run |= {"TriggerName": trigger["Name"], "PredecessorRuns": _predecessor_runs(chain, trigger)}
    documents.write(kinds.STARTED_BY, run["Id"], doc={"Chain": chain["Id"]})
    if job is not None and refusal is None:
        try:
            runs.start(ctx, documents, job, run)
        except ConcurrentRunsExceeded as fault:
            refusal = Ending(FAILED, fault.message)
    if refusal is not None:
        runs.refuse(ctx, documents, run, refusal)
    return str(run["Id"])


def _start_crawler(ctx: Context, documents: Documents, chain: Document, trigger: Document, action: Document) -> str:
    """Start a crawler. If it does not exist the action ends as ERROR, if it is running as FAILED."""
    name = action["CrawlerName"]
    crawler = documents.read(kinds.CRAWLER, name)
    crawl_id, state = ctx.ids.uuid(), ERROR
    if crawler is not None:
        try:
            crawl_id, state = crawler_runs.start(ctx, documents, crawler), ""
        except Conflict:
            state = FAILED
    documents.write(kinds.STARTED_BY, crawl_id, doc={"Chain": chain["Id"]})
    if state:
        report(documents, kinds.CRAWLER, name, crawl_id, state)
    return crawl_id


# By kind of action.
_STARTERS = {kinds.JOB: _start_job, kinds.CRAWLER: _start_crawler}


def _new_run(
    ctx: Context, documents: Documents, job: Document | None, name: str, wanted: dict[str, Any]
) -> tuple[Document, Ending | None]:
    if job is None:
        return bare_run(ctx, name, wanted["Arguments"]), Ending(ERROR, f"The job {name} does not exist.")
    try:
        run = new_run(ctx, job, wanted)
        check_run(documents, run, job.get("ProfileName"))
        return run, None
    except (Invalid, Missing) as fault:
        return bare_run(ctx, name, wanted["Arguments"]), Ending(FAILED, fault.message)


def _arguments(chain: Document, action: Document) -> dict[str, str]:
    of_workflow = {"--WORKFLOW_NAME": chain["Workflow"], "--WORKFLOW_RUN_ID": chain["Id"]} if chain["Workflow"] else {}
    return {**action.get("Arguments", {}), **of_workflow}


def _predecessor_runs(chain: Document, trigger: Document) -> list[Document]:
    wanted = predecessors(trigger)
    return [
        {"JobName": one["Name"], "RunId": one["Run"]}
        for one in chain["Actions"]
        if one["Kind"] == kinds.JOB and Predecessor(one["Kind"], one["Name"], one["State"]) in wanted
    ]
