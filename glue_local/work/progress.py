"""Reports of a worker on its claimed work: begun, alive, finished. All raise Conflict for a lost claim."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from glue_local.store import kinds
from glue_local.work.claims import claimed_by, keep
from glue_local.work.kind import Context, Ending, Kind
from glue_local.work.moves import end, move


class Answer(NamedTuple):
    """The state of a piece of work, and whether its worker must stop it."""

    state: str
    stop: bool


def begun(ctx: Context, kind: Kind, work_id: str, claim: str) -> Answer:
    """Move queued work to running; without effect on work that was begun or stopped before."""
    with ctx.store.transaction():
        held = claimed_by(ctx, kind, work_id, claim)
        if held.state == kind.queued:
            move(ctx, kind, held.documents, held.document, Ending(kind.running))
            return _answer(kind, kind.running)
    return _answer(kind, held.state)


def heartbeat(ctx: Context, kind: Kind, work_id: str, claim: str) -> Answer:
    """Keep a claim alive."""
    with ctx.store.transaction():
        held = claimed_by(ctx, kind, work_id, claim)
        keep(held.documents, work_id, {**held.claim, "heartbeat": ctx.now})
    return _answer(kind, held.state)


def finish(
    ctx: Context, kind: Kind, work_id: str, claim: str, ending: Ending, members: Mapping[str, Any] | None = None
) -> str:
    """Add ``members`` to the document of a piece of work and end it; return its state.

    Work that a client has cancelled is in its final state already and keeps it; only its claim is removed.
    """
    with ctx.store.transaction():
        held = claimed_by(ctx, kind, work_id, claim)
        if kind.states.is_final(held.state):
            held.documents.remove(kinds.CLAIM, work_id)
            return held.state
        held.document.update(members or {})
        end(ctx, kind, held.documents, held.document, ending)
    return ending.state


def _answer(kind: Kind, state: str) -> Answer:
    return Answer(state, state in kind.stopping or kind.states.is_final(state))
