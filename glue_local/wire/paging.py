"""Pages of a listing, with the opaque tokens AWS hands out between them."""

import base64
import binascii
import hashlib
import json
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from glue_local.core.faults import Invalid

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

    ``items`` are in the order of ``key``, which tells them apart. The token holds the key of the page's last item, so
    that whoever deletes what a page shows misses nothing. ``listing`` is the operation and what it was asked to list:
    raises Invalid for a token of another listing, or that this function did not make.
    """
    token = request.get("NextToken")
    start = _start(items, token, _digest(listing), key) if token else 0
    end = start + int(request.get("MaxResults", default_size))
    found = list(items[start:end])
    return found, _token(_digest(listing), key(found[-1])) if found and end < len(items) else None


def _start(items: Sequence[T], token: str, digest: str, key: Callable[[T], Any]) -> int:
    try:
        of, after = json.loads(base64.urlsafe_b64decode(token.encode()))
        # A list, because JSON has no tuples; a key that does not compare is none of this listing.
        start = bisect_right(items, after, key=lambda item: _json(key(item)))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise Invalid(f"Invalid token: {token}") from None
    if of != digest:
        raise Invalid(f"Invalid token: {token}")
    return start


def _json(key: Any) -> Any:
    return list(key) if isinstance(key, tuple) else key


def _token(digest: str, after: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps([digest, after]).encode()).decode()


def _digest(listing: Sequence[Any]) -> str:
    return hashlib.sha256(json.dumps(listing, sort_keys=True).encode()).hexdigest()[:16]
