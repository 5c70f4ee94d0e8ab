"""Claims: which worker has which piece of work. They are stored beside the documents that AWS's clients see."""

import hmac
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from glue_local.core.faults import Conflict
from glue_local.store import Document, Documents, kinds
from glue_local.work.kind import Context, Ending, Kind
from glue_local.work.moves import end

_HELD = "held"


class Claimed(NamedTuple):
    """A piece of work and its claim.

    ``claim`` holds two secrets: ``claim`` for the worker, ``token`` for the code that the work executes. Handlers may
    add their own members (``keep``).
    """

    kind: Kind
    account: str
    region: str
    documents: Documents
    document: Document
    state: str
    claim: Document

    @property
    def work_id(self) -> str:
        """The last part of the key."""
        return str(self.claim["key"][-1])


def claim(
    ctx: Context, offered: Sequence[Kind], worker: str, offers: Collection[str], only: str | None = None
) -> Claimed | None:
    """Claim the oldest queued piece of some kinds that needs one of ``offers``; return None if there is none.

    ``only`` restricts it to the piece with this id. Ends pieces that can no longer be executed.
    """
    with ctx.store.transaction():
        for kind, account, region, document in sorted(_queued(ctx, offered), key=lambda one: one[0].queued_at(one[3])):
            documents, work_id = ctx.store.scope(account, region), kind.key(document)[-1]
            if is_claimed(documents, work_id) or work_id != (only or work_id):
                continue
            needed = kind.needs(documents, document)
            if isinstance(needed, Ending):
                end(ctx, kind, documents, document, needed)
            elif needed in offers:
                held = _new(ctx, kind, document, worker)
                keep(documents, work_id, held)
                return Claimed(kind, account, region, documents, document, kind.queued, held)
    return None


def is_claimed(documents: Documents, work_id: str) -> bool:
    """Return whether a worker has claimed a piece of work."""
    return documents.read(kinds.CLAIM, work_id) is not None


def claimed_by(ctx: Context, kind: Kind, work_id: str, secret: str) -> Claimed:
    """Return the work that belongs to a claim. Raises Conflict if the claim is no longer valid."""
    found = _find(ctx, kind, work_id, lambda held: str(held["claim"]) == secret)
    if found is None:
        raise Conflict(f"the claim on {kind.noun} {work_id} is no longer valid")
    return found


def claimed_for(ctx: Context, kind: Kind, work_id: str, token: str) -> Claimed | None:
    """Return the claimed work that a token belongs to; None if it does not, or if the work has ended."""
    return _find(ctx, kind, work_id, lambda held: hmac.compare_digest(held["token"].encode(), token.encode()))


def keep(documents: Documents, work_id: str, held: Document) -> None:
    """Store a claim."""
    documents.write(kinds.CLAIM, work_id, doc=held, state=_HELD)


def claims(ctx: Context, of: Sequence[Kind], wanted: Callable[[Document], bool]) -> Iterator[Claimed]:
    """Yield the wanted claims on work of some kinds. If the document was deleted, ``document`` and ``state`` are empty."""
    by_name = {kind.document: kind for kind in of}
    for account, region, _, held in ctx.store.in_state(kinds.CLAIM, _HELD):
        kind = by_name.get(held["kind"])
        if kind is not None and wanted(held):
            documents = ctx.store.scope(account, region)
            document = documents.read(kind.document, *held["key"]) or {}
            state = documents.state(kind.document, *held["key"]) or ""
            yield Claimed(kind, account, region, documents, document, state, held)


def _find(ctx: Context, kind: Kind, work_id: str, matches: Callable[[Document], bool]) -> Claimed | None:
    found = claims(ctx, [kind], lambda held: held["key"][-1] == work_id and matches(held))
    return next((one for one in found if one.document), None)


def _queued(ctx: Context, offered: Sequence[Kind]) -> Iterator[tuple[Kind, str, str, Document]]:
    for kind in offered:
        for account, region, _, document in ctx.store.in_state(kind.document, kind.queued):
            yield kind, account, region, document


def _new(ctx: Context, kind: Kind, document: Document, worker: str) -> Document:
    return {
        "claim": ctx.ids.token(),
        "token": ctx.ids.token(),
        "kind": kind.document,
        "key": list(kind.key(document)),
        "worker": worker,
        "claimed": ctx.now,
        "heartbeat": ctx.now,
    }
