"""Events of services, stored until they are on the account's default event bus.

Those of job runs are stored in the transaction that causes them, those of the catalog after it.
"""

from collections.abc import Sequence
from typing import Any

from glue_local.core.ids import Ids
from glue_local.store import Document, Documents, kinds

NEW = "new"
"""The state of an event that is not on the bus yet."""


def emit(
    documents: Documents,
    ids: Ids,
    now: float,
    detail_type: str,
    detail: Document,
    resources: Sequence[str] = (),
    source: str = "aws.glue",
) -> None:
    """Store an event with the time ``now`` (epoch seconds); the server puts it on the default bus afterwards."""
    event: dict[str, Any] = {
        "Time": now,
        "Source": source,
        "DetailType": detail_type,
        "Detail": detail,
        "Resources": list(resources),
    }
    documents.write(kinds.EVENT, *in_order(documents, kinds.EVENT, now), ids.uuid(), doc=event, state=NEW)


def in_order(documents: Documents, kind: str, now: float) -> tuple[str, str]:
    """Return the start of a key by which documents of a kind are sorted as they were written."""
    time = f"{now:015.3f}"
    return time, f"{documents.count(kind, time):06d}"
