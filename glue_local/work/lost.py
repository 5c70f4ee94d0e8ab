"""Work whose worker is lost goes back to the queue, or ends with the reason."""

from collections.abc import Callable, Sequence

from glue_local.store import Document, kinds
from glue_local.work.claims import Claimed, claims
from glue_local.work.kind import Context, Kind
from glue_local.work.moves import end, move


def expire(ctx: Context, of: Sequence[Kind], timeout: float) -> int:
    """Handle the work of workers without a heartbeat for ``timeout`` seconds; return how many pieces ended."""
    reason = f"The worker of this {{noun}} has not responded for {timeout:g} seconds."
    return _end_claims(ctx, of, lambda held: ctx.now - held["heartbeat"] > timeout, reason)


def end_claims_of(ctx: Context, of: Sequence[Kind], worker: str, reason: str) -> int:
    """Handle the work of a lost worker and its sub-workers (``<worker>-…``); return how many pieces ended.

    ``{noun}`` in ``reason`` is replaced by the name of the kind.
    """
    # The dash distinguishes worker 1 from worker 10.
    return _end_claims(ctx, of, lambda held: f"{held['worker']}-".startswith(f"{worker}-"), reason)


def _end_claims(ctx: Context, of: Sequence[Kind], is_lost: Callable[[Document], bool], reason: str) -> int:
    ended = 0
    with ctx.store.transaction():
        for claimed in claims(ctx, of, is_lost):
            claimed.documents.remove(kinds.CLAIM, claimed.work_id)
            ended += _handle(ctx, claimed, reason)
    return ended


def _handle(ctx: Context, claimed: Claimed, reason: str) -> bool:
    """Handle a lost worker as the kind specifies; return whether that ended the piece."""
    kind = claimed.kind
    if not claimed.document or kind.states.is_final(claimed.state):
        return False
    to = kind.lost(claimed.document, claimed.state, claimed.claim, reason.format(noun=kind.noun))
    if to is None:
        return False
    if kind.states.is_final(to.state):
        end(ctx, kind, claimed.documents, claimed.document, to)
        return True
    move(ctx, kind, claimed.documents, claimed.document, to)
    return False
