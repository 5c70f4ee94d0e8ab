"""Store, delete and fire triggers, with their timers, conditions and batches of events."""

from glue_local.core.faults import Invalid, Missing
from glue_local.orchestrate.actions import fire
from glue_local.orchestrate.chains import new_chain, write_chain
from glue_local.orchestrate.conditions import predecessors
from glue_local.orchestrate.schedules import parse_schedule
from glue_local.orchestrate.workflow_runs import start, start_or_store_error, start_trigger, triggers_of
from glue_local.store import Document, Documents, kinds
from glue_local.store.timers import Timer, clear_timer, set_timer, timer_at
from glue_local.work import Context

MAX_DELAY = 300.0
"""The maximum delay of a schedule in seconds. It is no longer than the shortest interval, so that a restart catches up on at most one missed time."""

_LONGEST_WINDOW = 900


def store_trigger(ctx: Context, documents: Documents, trigger: Document, before: Document | None = None) -> None:
    """Store a trigger, with ``before`` as its replacement, and update its timer and conditions. Call it in a transaction."""
    if before is not None:
        _remove_references(documents, before)
    name = trigger["Name"]
    documents.write(kinds.TRIGGER, name, doc=trigger)
    if "WorkflowName" in trigger:
        documents.write(kinds.WORKFLOW_TRIGGER, trigger["WorkflowName"], name, doc={})
    else:
        for one in predecessors(trigger):
            documents.write(kinds.WATCH, one.kind, one.name, name, doc={})
    _update_timer(ctx, documents, trigger, before or {})


def remove_trigger(documents: Documents, trigger: Document) -> None:
    """Delete a trigger. The runs that it has started continue."""
    _remove_references(documents, trigger)
    clear_timer(documents, kinds.TRIGGER, trigger["Name"])
    documents.remove(kinds.EVENT_BATCH, trigger["Name"])
    documents.remove(kinds.TRIGGER, trigger["Name"])


def fire_now(ctx: Context, documents: Documents, trigger: Document) -> None:
    """Fire a trigger: start its actions or, if it belongs to a workflow, a workflow run.

    Raises Missing if the workflow was deleted, ConcurrentRunsExceeded if its MaxConcurrentRuns is reached.
    """
    name = trigger.get("WorkflowName")
    with ctx.store.transaction():
        if name is None:
            _fire_outside_workflow(ctx, documents, trigger)
            return
        workflow = documents.read(kinds.WORKFLOW, name)
        if workflow is None:
            raise Missing(f"Workflow {name} not found.")
        start(ctx, documents, workflow)


def fire_due(ctx: Context, documents: Documents, timer: Timer) -> None:
    """Fire the trigger of a timer that is due, and set the timer's next time in the same transaction.

    Skips times that were missed by more than ``MAX_DELAY`` because no server was running or the clock was set forward.
    """
    name = timer.key[-1]
    with ctx.store.transaction():
        trigger = documents.read(kinds.TRIGGER, name)
        if trigger is None or timer_at(documents, *timer.key) != timer.at:
            return
        if trigger["Type"] == "EVENT":
            clear_timer(documents, *timer.key)
            _start_batch(ctx, documents, trigger, {"BatchWindow": _window(trigger)})
            return
        following = parse_schedule(trigger["Schedule"], timer.note["anchor"])
        _set_timer(documents, name, following(ctx.now), timer.note["anchor"])
        latest = following(ctx.now - MAX_DELAY)
        if latest is None or latest > ctx.now:
            return
        if "WorkflowName" in trigger:
            start_or_store_error(ctx, documents, trigger["WorkflowName"])
        else:
            _fire_outside_workflow(ctx, documents, trigger)


def notify_event(ctx: Context, documents: Documents, workflow: str, event_id: str) -> None:
    """Add an EventBridge event to the batch of a workflow's EVENT trigger, which starts a run when it is complete.

    Raises Invalid if the workflow has no such trigger. Drops events while the trigger is DEACTIVATED.
    """
    with ctx.store.transaction():
        trigger = start_trigger(triggers_of(documents, workflow))
        if trigger is None or trigger["Type"] != "EVENT":
            raise Invalid(f"Workflow {workflow} has no trigger of type EVENT.")
        if trigger["State"] == "DEACTIVATED":
            return
        batch = documents.read(kinds.EVENT_BATCH, trigger["Name"]) or {"Events": []}
        batch["Events"].append(event_id)
        documents.write(kinds.EVENT_BATCH, trigger["Name"], doc=batch)
        if len(batch["Events"]) >= trigger.get("EventBatchingCondition", {}).get("BatchSize", 1):
            _start_batch(ctx, documents, trigger, {"BatchSize": len(batch["Events"])})
        elif len(batch["Events"]) == 1:
            set_timer(documents, kinds.TRIGGER, trigger["Name"], at=ctx.now + _window(trigger))


def _fire_outside_workflow(ctx: Context, documents: Documents, trigger: Document) -> None:
    chain = new_chain(ctx.ids.chain_id())
    fire(ctx, documents, chain, trigger)
    write_chain(documents, chain)


def _start_batch(ctx: Context, documents: Documents, trigger: Document, condition: Document) -> None:
    name = trigger["Name"]
    batch = documents.read(kinds.EVENT_BATCH, name)
    documents.remove(kinds.EVENT_BATCH, name)
    clear_timer(documents, kinds.TRIGGER, name)
    if batch is not None:
        # https://docs.aws.amazon.com/glue/latest/dg/viewing-start-event-info.html
        properties = {"aws:eventIds": "[" + ", ".join(batch["Events"]) + "]"}
        start_or_store_error(ctx, documents, trigger["WorkflowName"], properties=properties, batch=condition)


def _window(trigger: Document) -> int:
    return int(trigger.get("EventBatchingCondition", {}).get("BatchWindow", _LONGEST_WINDOW))


def _update_timer(ctx: Context, documents: Documents, trigger: Document, before: Document) -> None:
    """Set or clear a trigger's timer. If schedule and state are unchanged, the timer stays, even if it is already due."""
    name = trigger["Name"]
    if trigger["State"] == "DEACTIVATED":
        clear_timer(documents, kinds.TRIGGER, name)
        documents.remove(kinds.EVENT_BATCH, name)
    elif trigger["Type"] != "SCHEDULED" or trigger["State"] != "ACTIVATED":
        return
    elif any(trigger[member] != before.get(member) for member in ("Schedule", "State")):
        _set_timer(documents, name, parse_schedule(trigger["Schedule"], ctx.now)(ctx.now), ctx.now)


def _set_timer(documents: Documents, name: str, at: float | None, anchor: float) -> None:
    if at is None:
        clear_timer(documents, kinds.TRIGGER, name)
    else:
        set_timer(documents, kinds.TRIGGER, name, at=at, note={"anchor": anchor})


def _remove_references(documents: Documents, trigger: Document) -> None:
    for one in predecessors(trigger):
        documents.remove(kinds.WATCH, one.kind, one.name, trigger["Name"])
    if "WorkflowName" in trigger:
        documents.remove(kinds.WORKFLOW_TRIGGER, trigger["WorkflowName"], trigger["Name"])
