"""Fire the triggers that are due and those whose conditions are met, and start the crawlers that are due. The server's schedule calls ``advance``."""

from glue_local.orchestrate.actions import fire
from glue_local.orchestrate.chains import note_end, read_chain, ready
from glue_local.orchestrate.crawler_schedules import start_due
from glue_local.orchestrate.triggers import MAX_DELAY, fire_due
from glue_local.orchestrate.workflow_runs import conclude, may_fire
from glue_local.runs.endings import NEW
from glue_local.store import Document, Documents, Key, kinds, timers
from glue_local.work import Context


def advance(ctx: Context) -> float | None:
    """Process the runs that have ended, then the timers that are due; return the time of the next timer.

    Each is processed in one transaction with everything it starts, so exactly once even if the server is killed.
    """
    _handle_ends(ctx)
    for timer in timers.due(ctx.store, ctx.now):
        documents = ctx.store.scope(timer.account, timer.region)
        if timer.key[0] == kinds.CRAWLER:
            start_due(ctx, documents, timer, MAX_DELAY)
        else:
            fire_due(ctx, documents, timer)
    _handle_ends(ctx)
    return timers.next_due(ctx.store)


def _handle_ends(ctx: Context) -> None:
    # A trigger may start runs that end immediately: repeat until there are no more.
    while reports := ctx.store.in_state(kinds.ENDED, NEW):
        for account, region, key, report in reports:
            with ctx.store.transaction():
                _handle_end(ctx, ctx.store.scope(account, region), key, report)


def _handle_end(ctx: Context, documents: Documents, key: Key, report: Document) -> None:
    documents.remove(kinds.ENDED, *key)
    origin = documents.read(kinds.STARTED_BY, report["Id"])
    documents.remove(kinds.STARTED_BY, report["Id"])
    chain = read_chain(documents, origin["Chain"]) if origin else None
    if chain is None:
        return
    note_end(chain, report["Id"], report["State"])
    if may_fire(documents, chain):
        for trigger in ready(documents, chain, report["Kind"], report["Name"]):
            fire(ctx, documents, chain, trigger)
    conclude(ctx, documents, chain)
