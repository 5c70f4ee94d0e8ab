"""ClientRequestToken: a request with the same token and parameters is a retry of the first one."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from glue_local.core.faults import IdempotencyMismatch
from glue_local.services.context import Context
from glue_local.store import kinds


def once(ctx: Context, operation: str, request: Mapping[str, Any], create: Callable[[], str]) -> str:
    """Return the id from ``create``, or the one it returned for the token's first request. Raises IdempotencyMismatch."""
    token = request.get("ClientRequestToken")
    parameters = json.dumps([operation, {**request, "ClientRequestToken": None}], sort_keys=True)
    digest = hashlib.sha256(parameters.encode()).hexdigest()
    with ctx.documents.transaction():
        earlier = ctx.documents.read(kinds.QUERY_TOKEN, token) if token else None
        if earlier and earlier["digest"] != digest:
            raise IdempotencyMismatch("Idempotent parameters do not match")
        if earlier:
            return str(earlier["id"])
        made = create()
        if token:
            ctx.documents.write(kinds.QUERY_TOKEN, token, doc={"id": made, "digest": digest})
    return made
