"""Enqueue, move and end work. Every move is checked against the table of its kind."""

from glue_local.store import Document, Documents, kinds
from glue_local.work.kind import Context, Ending, Kind


def enqueue(ctx: Context, kind: Kind, documents: Documents, document: Document, first: Ending | None = None) -> None:
    """Store a new piece of work, as queued or in the state ``first``. Raises Conflict if that is not a first state."""
    first = first or Ending(kind.queued)
    kind.states.check_first(_name(kind, document), first.state)
    _write(ctx, kind, documents, document, first)


def move(ctx: Context, kind: Kind, documents: Documents, document: Document, to: Ending) -> None:
    """Move a piece of work to another state and store it. Raises Conflict for an illegal move."""
    kind.states.check(_name(kind, document), state_of(kind, documents, document), to.state)
    _write(ctx, kind, documents, document, to)


def end(ctx: Context, kind: Kind, documents: Documents, document: Document, ending: Ending) -> None:
    """Move a piece of work to a final state, remove its claim and call ``kind.ended``."""
    with ctx.store.transaction():
        move(ctx, kind, documents, document, ending)
        documents.remove(kinds.CLAIM, kind.key(document)[-1])
        kind.ended(ctx, documents, document)


def state_of(kind: Kind, documents: Documents, document: Document) -> str | None:
    """Return the stored state of a piece of work, None if it was never enqueued."""
    return documents.state(kind.document, *kind.key(document))


def _write(ctx: Context, kind: Kind, documents: Documents, document: Document, to: Ending) -> None:
    kind.show(document, to, ctx.now)
    documents.write(kind.document, *kind.key(document), doc=document, state=to.state)


def _name(kind: Kind, document: Document) -> str:
    return f"{kind.noun} {kind.key(document)[-1]}"
