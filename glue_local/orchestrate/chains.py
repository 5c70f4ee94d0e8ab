"""Chains: records of everything that one firing of a start trigger has started.

AWS starts dependent jobs only after jobs that a trigger started, and only within one firing of a start trigger
(https://docs.aws.amazon.com/glue/latest/dg/about-triggers.html). A chain records the jobs of one such firing. Each trigger
fires at most once in a chain. The chain of a workflow run has the id of the run, and fires the triggers that the workflow
had when the run started; any other chain fires the current triggers outside workflows.

A chain is ``{"Id", "Workflow": name or "", "Triggers": [definitions], "Fired": [names], "Actions": [actions]}``, an action
``{"Trigger", "Kind", "Name", "Run": id, "State": final state or ""}``.
"""

from glue_local.orchestrate.conditions import Predecessor, is_met
from glue_local.store import Document, Documents, kinds


def new_chain(chain_id: str, workflow: str = "", triggers: list[Document] | None = None) -> Document:
    """Return a chain in which no trigger has fired."""
    return {"Id": chain_id, "Workflow": workflow, "Triggers": triggers or [], "Fired": [], "Actions": []}


def read_chain(documents: Documents, chain_id: str) -> Document | None:
    """Return a chain, or None if it does not exist."""
    return documents.read(kinds.CHAIN, chain_id)


def read_chains(documents: Documents, chain_ids: list[str]) -> list[Document]:
    """Return the chains that exist, in the order of ``chain_ids``."""
    return documents.read_all(kinds.CHAIN, [(chain_id,) for chain_id in chain_ids])


def write_chain(documents: Documents, chain: Document) -> None:
    """Store a chain; delete it instead if it belongs to no workflow and nothing in it is running."""
    if chain["Workflow"] or is_active(chain):
        documents.write(kinds.CHAIN, chain["Id"], doc=chain)
    else:
        documents.remove(kinds.CHAIN, chain["Id"])


def is_active(chain: Document) -> bool:
    """Return whether any run that the chain started has not ended."""
    return any(not action["State"] for action in chain["Actions"])


def ended(chain: Document) -> set[Predecessor]:
    """Return the jobs and crawlers of a chain that have ended."""
    return {Predecessor(one["Kind"], one["Name"], one["State"]) for one in chain["Actions"] if one["State"]}


def note_end(chain: Document, run_id: str, state: str) -> None:
    """Record the final state of a run."""
    for action in chain["Actions"]:
        if action["Run"] == run_id:
            action["State"] = state


def ready(documents: Documents, chain: Document, kind: str, name: str) -> list[Document]:
    """Return the triggers that the end of a job or crawler fires, in the order of their names."""
    known = chain["Triggers"] if chain["Workflow"] else _watching(documents, kind, name)
    return [
        trigger
        for trigger in known
        if trigger["Type"] == "CONDITIONAL"
        and trigger["State"] == "ACTIVATED"
        and trigger["Name"] not in chain["Fired"]
        and is_met(trigger, ended(chain))
    ]


def _watching(documents: Documents, kind: str, name: str) -> list[Document]:
    watching = documents.keys(kinds.WATCH, kind, name)
    return documents.read_all(kinds.TRIGGER, [(trigger,) for *_, trigger in watching])
