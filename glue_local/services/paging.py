"""Pagination with opaque tokens, as AWS does it."""

import base64
import binascii
import hashlib
import json
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from glue_local.core.faults import Invalid
from glue_local.store import Condition, Document, Documents, Key
from glue_local.store.run_order import BY_KIND

T = TypeVar("T")


def page(
    items: Sequence[T],
    request: Mapping[str, Any],
    default_size: int,
    *,
    listing: Sequence[Any],
    key: Callable[[T], Any],
) -> tuple[list[T], str | None]:
    """Return one page of ``items`` and the token of the next, None at the end.

    ``items`` are sorted by ``key``, which is unique. The token holds the key of the page's last item, so that a
    caller who deletes each page's items misses none. ``listing`` is the operation and its parameters. Raises Invalid
    for a token of another listing or a token that this function did not make.
    """
    token = request.get("NextToken")
    start = _start(items, token, _digest(listing), key) if token else 0
    end = start + int(request.get("MaxResults", default_size))
    found = list(items[start:end])
    return found, _token(_digest(listing), key(found[-1])) if found and end < len(items) else None


def page_of_documents(
    documents: Documents,
    kind: str,
    request: Mapping[str, Any],
    default_size: int,
    *,
    listing: Sequence[Any],
    condition: Condition | None = None,
) -> tuple[list[Document], str | None]:
    """Return one page of the documents of a kind that meet ``condition``, by name, and the token of the next.

    The key of the kind is a name. Reads only the page or, with ``condition``, from its start until it is full. Raises Invalid as
    ``page`` does.
    """
    after, size = _name_after(request, listing), int(request.get("MaxResults", default_size))
    found = documents.scan(kind, after=after, limit=size + 1, condition=condition)
    return [document for _, document in found[:size]], _name_token(listing, [key for key, _ in found], size)


def page_of_names(
    documents: Documents,
    kind: str,
    request: Mapping[str, Any],
    default_size: int,
    *,
    listing: Sequence[Any],
    condition: Condition | None = None,
) -> tuple[list[str], str | None]:
    """Return the names of the documents that ``page_of_documents`` returns, and the token of the next page."""
    after, size = _name_after(request, listing), int(request.get("MaxResults", default_size))
    found = documents.keys(kind, after=after, limit=size + 1, condition=condition)
    return [name for (name,) in found[:size]], _name_token(listing, found, size)


def page_of_latest(
    documents: Documents,
    kind: str,
    parent: str,
    request: Mapping[str, Any],
    default_size: int,
    *,
    id_member: str,
    filters: Any = None,
    condition: Condition | None = None,
) -> tuple[list[Document], str | None]:
    """Return one page of the runs of a job, workflow or crawler, the latest first, and the token of the next. Reads no other runs.

    ``id_member`` is the member of a run with its id. With ``condition``, which the caller made of ``filters``, returns only
    the runs that meet it. Raises Invalid as ``page`` does.
    """
    token, digest = request.get("NextToken"), _digest((kind, parent, *([filters] if filters else [])))
    before = _run_before(token, digest) if token else None
    size = int(request.get("MaxResults", default_size))
    found = documents.latest(kind, parent, before, size + 1, condition)
    shown = found[:size]
    if len(found) <= size:
        return shown, None
    return shown, _token(digest, [shown[-1][BY_KIND[kind].member], shown[-1][id_member]])


def _name_after(request: Mapping[str, Any], listing: Sequence[Any]) -> Key | None:
    token = request.get("NextToken")
    if not token:
        return None
    name = _after(token, _digest(listing))
    if not isinstance(name, str):
        raise Invalid(f"Invalid token: {token}")
    return (name,)


def _name_token(listing: Sequence[Any], found: Sequence[Key], size: int) -> str | None:
    return _token(_digest(listing), found[size - 1][0]) if len(found) > size else None


def _run_before(token: str, digest: str) -> tuple[float, str]:
    try:
        started, run_id = _after(token, digest)
        return float(started), str(run_id)
    except (ValueError, TypeError, OverflowError):
        raise Invalid(f"Invalid token: {token}") from None


def _start(items: Sequence[T], token: str, digest: str, key: Callable[[T], Any]) -> int:
    after = _after(token, digest)
    try:
        # A list, because JSON has no tuples; a key that cannot be compared is from another listing.
        return bisect_right(items, after, key=lambda item: _json(key(item)))
    except TypeError:
        raise Invalid(f"Invalid token: {token}") from None


def _after(token: str, digest: str) -> Any:
    try:
        of, after = json.loads(base64.urlsafe_b64decode(token.encode()))
        # JSON may contain half a character, which SQLite does not take.
        json.dumps(after, ensure_ascii=False).encode()
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise Invalid(f"Invalid token: {token}") from None
    if of != digest:
        raise Invalid(f"Invalid token: {token}")
    return after


def _json(key: Any) -> Any:
    return list(key) if isinstance(key, tuple) else key


def _token(digest: str, after: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps([digest, after]).encode()).decode()


def _digest(listing: Sequence[Any]) -> str:
    return hashlib.sha256(json.dumps(listing, sort_keys=True).encode()).hexdigest()[:16]
