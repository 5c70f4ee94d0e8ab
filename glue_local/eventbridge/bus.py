"""Put the events of our services on the default bus of their account."""

import json
import sys
from collections.abc import Callable
from itertools import groupby
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from glue_local.outbox import NEW
from glue_local.store import Document, Key, kinds
from glue_local.work import Context

Clients = Callable[[str, str, str], Any]
"""Makes AWS clients for the endpoint: (service, account, region) -> client."""

_MOST = 10
"""The maximum number of entries in a PutEvents request."""
_BUSY = (429, 503)


def put_events(ctx: Context, clients: Clients, has_rules: Callable[[str, str], bool]) -> None:
    """Put the stored events on their buses, oldest first.

    Events that no rule could match are dropped; so are those that the bus does not accept, with a message, since AWS
    sends them on a best effort basis too. They are kept while the bus cannot be reached.
    """
    for (account, region), group in groupby(sorted(ctx.store.in_state(kinds.EVENT, NEW), key=_scope), key=_scope):
        events = [(key, event) for _, _, key, event in group]
        for start in range(0, len(events), _MOST):
            some = events[start : start + _MOST]
            if has_rules(account, region) and not _put(clients, account, region, [event for _, event in some]):
                break
            with ctx.store.transaction():
                for key, _ in some:
                    ctx.store.scope(account, region).remove(kinds.EVENT, *key)


def _scope(found: tuple[str, str, Key, Document]) -> tuple[str, str]:
    return found[0], found[1]


def _put(clients: Clients, account: str, region: str, events: list[Document]) -> bool:
    """Put events on the bus; return whether it could be reached."""
    entries = [{**event, "Detail": json.dumps(event["Detail"])} for event in events]
    refused: list[Exception] = []
    try:
        refused += refusals(clients("events", account, region).put_events(Entries=entries))
    except (BotoCoreError, ClientError) as error:
        if _may_wait(error):
            sys.stderr.write(f"glue-local events: the default bus cannot be reached, and its events wait: {error}\n")
            return False
        refused.append(error)
    named = ", ".join(sorted({event["DetailType"] for event in events}))
    for each in refused:
        sys.stderr.write(f"glue-local events: the default bus did not accept {named}: {each}\n")
    return True


def _may_wait(error: Exception) -> bool:
    if isinstance(error, ClientError):
        return error.response["ResponseMetadata"]["HTTPStatusCode"] in _BUSY
    return not isinstance(error, ParamValidationError)


def refusals(response: Any) -> list[ClientError]:
    """Return an error for each entry that PutEvents refused: its response has status 200."""
    found = [entry for entry in response.get("Entries", []) if entry.get("ErrorCode")]
    return [_refusal(entry["ErrorCode"], entry.get("ErrorMessage", "")) for entry in found]


def _refusal(code: str, message: str) -> ClientError:
    status = 500 if code.startswith("Internal") else 400
    metadata: Any = {"HTTPStatusCode": status}
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}, "PutEvents")
