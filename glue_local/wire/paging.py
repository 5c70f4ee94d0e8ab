"""Pages of a listing, with the opaque tokens AWS hands out between them."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from glue_local.core.faults import Invalid

T = TypeVar("T")


def page(
    items: Sequence[T],
    request: Mapping[str, Any],
    default_size: int,
    *,
    token_key: str = "NextToken",
    size_key: str = "MaxResults",
) -> tuple[list[T], str | None]:
    """Return one page of ``items`` and the token of the next, None at the end.

    The token holds an offset, so a listing that changes between pages can repeat or miss items, as AWS's can.
    Raises Invalid for a token that this function did not make.
    """
    start = read_token(request[token_key]) if request.get(token_key) else 0
    end = start + int(request.get(size_key, default_size))
    return list(items[start:end]), make_token(end) if end < len(items) else None


def make_token(offset: int) -> str:
    """Return an opaque token for an offset."""
    return base64.urlsafe_b64encode(json.dumps({"offset": offset}).encode()).decode()


def read_token(token: str) -> int:
    """Return the offset in a token; raises Invalid for a foreign one."""
    try:
        offset = json.loads(base64.urlsafe_b64decode(token.encode()))["offset"]
    except (binascii.Error, ValueError, KeyError, TypeError):
        raise Invalid(f"Invalid token: {token}") from None
    return int(offset)
