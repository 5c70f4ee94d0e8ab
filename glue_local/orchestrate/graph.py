"""The graphs of workflows and their runs, with triggers, jobs and crawlers as nodes, and the statistics of runs."""

import hashlib
from collections.abc import Iterable

from glue_local.crawler_runs.states import LAST_CRAWL_STATUS, STOPPING
from glue_local.orchestrate.conditions import CRAWLER, predecessors, targets
from glue_local.runs.attempts import attempts_of_all
from glue_local.runs.states import ERROR, FAILED, STOPPED, SUCCEEDED, TIMEOUT, WAITING
from glue_local.store import Document, Documents, kinds

_TYPES = {kinds.TRIGGER: "TRIGGER", kinds.JOB: "JOB", CRAWLER: "CRAWLER"}
_COUNTERS = {
    SUCCEEDED: "SucceededActions",
    FAILED: "FailedActions",
    STOPPED: "StoppedActions",
    "CANCELLED": "StoppedActions",
    TIMEOUT: "TimeoutActions",
    ERROR: "ErroredActions",
    WAITING: "WaitingActions",
}
Node = tuple[str, str]
"""The kind and name of a trigger, job or crawler."""


def node_id(workflow: str, kind: str, name: str) -> str:
    """Return the UniqueId of a node, which is the same in every run of the workflow."""
    return f"wnode_{hashlib.sha256(repr((workflow, kind, name)).encode()).hexdigest()}"


def edges(triggers: Iterable[Document]) -> list[tuple[Node, Node]]:
    """Return the edges: from the jobs and crawlers that a trigger waits for to it, and from it to those that it starts."""
    found: dict[tuple[Node, Node], None] = {}
    for trigger in triggers:
        node = (kinds.TRIGGER, trigger["Name"])
        found |= {((one.kind, one.name), node): None for one in predecessors(trigger)}
        found |= {(node, one): None for one in targets(trigger)}
    return list(found)


def design(workflow: str, triggers: list[Document]) -> Document:
    """Return the WorkflowGraph of a workflow with these triggers."""
    pairs = edges(triggers)
    by_name = {trigger["Name"]: trigger for trigger in triggers}
    nodes: dict[Node, None] = {(kinds.TRIGGER, name): None for name in by_name}
    nodes |= {node: None for pair in pairs for node in pair}
    shown = [_node(workflow, kind, name) for kind, name in nodes]
    for node in shown:
        if node["Type"] == "TRIGGER":
            node["TriggerDetails"] = {"Trigger": by_name[node["Name"]]}
    ids = [(node_id(workflow, *source), node_id(workflow, *to)) for source, to in pairs]
    return {"Nodes": shown, "Edges": [{"SourceId": source, "DestinationId": to} for source, to in ids]}


def run_graph(documents: Documents, chain: Document) -> Document:
    """Return the WorkflowGraph of a run: the workflow as it was at the start of the run, with the job runs and crawls so far."""
    graph = design(chain["Workflow"], chain["Triggers"])
    runs = [(one["Name"], one["Run"]) for one in chain["Actions"] if one["Kind"] == kinds.JOB]
    attempts = attempts_of_all(documents, runs)
    for node in graph["Nodes"]:
        started = [
            one for one in chain["Actions"] if (_TYPES[one["Kind"]], one["Name"]) == (node["Type"], node["Name"])
        ]
        if node["Type"] == "JOB" and started:
            job_runs = [run for one in started for run in attempts[one["Run"]]]
            node["JobDetails"] = {"JobRuns": [{**run, "PredecessorRuns": []} for run in job_runs]}
        elif node["Type"] == "CRAWLER" and started:
            node["CrawlerDetails"] = {"Crawls": [_crawl(documents, one) for one in started]}
    return graph


def _crawl(documents: Documents, action: Document) -> Document:
    """Return the Crawl of an action: without times and log if the crawler could not be started."""
    crawl = documents.read(kinds.CRAWL, action["Name"], action["Run"])
    if crawl is None:
        return {"State": action["State"] or ERROR}
    stopping = documents.state(kinds.CRAWL, action["Name"], action["Run"]) == STOPPING
    state = LAST_CRAWL_STATUS.get(crawl["State"], "CANCELLING" if stopping else "RUNNING")
    shown = {
        "State": state,
        "StartedOn": crawl["StartTime"],
        "LogGroup": crawl["LogGroup"],
        "LogStream": crawl["LogStream"],
    }
    ended = {"CompletedOn": crawl["EndTime"]} if "EndTime" in crawl else {}
    return {**shown, **ended, **({"ErrorMessage": crawl["ErrorMessage"]} if "ErrorMessage" in crawl else {})}


def statistics(documents: Documents, chain: Document) -> dict[str, int]:
    """Return the WorkflowRunStatistics: the number of the workflow's actions, and of the started ones in each state."""
    counted = dict.fromkeys([*_COUNTERS.values(), "RunningActions"], 0)
    for action in chain["Actions"]:
        # The action of a run that is being retried has no state yet.
        waiting = not action["State"] and documents.state(kinds.JOB_RUN, action["Name"], action["Run"]) == WAITING
        counted[_COUNTERS.get(WAITING if waiting else action["State"], "RunningActions")] += 1
    return {"TotalActions": sum(len(trigger["Actions"]) for trigger in chain["Triggers"]), **counted}


def dependents(chain: Document, node: str) -> set[str]:
    """Return the ids of all nodes that depend on a node, directly or indirectly."""
    workflow = chain["Workflow"]
    pairs = [(node_id(workflow, *source), node_id(workflow, *to)) for source, to in edges(chain["Triggers"])]
    found: set[str] = set()
    frontier = {node}
    while frontier := {to for source, to in pairs if source in frontier} - found:
        found |= frontier
    return found


def _node(workflow: str, kind: str, name: str) -> Document:
    return {"Type": _TYPES[kind], "Name": name, "UniqueId": node_id(workflow, kind, name)}
