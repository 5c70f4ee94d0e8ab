"""Look up delivery streams, and read their encryption settings."""

from typing import Any

from glue_local.core.faults import Invalid, Missing
from glue_local.services.context import Context
from glue_local.store import Document, kinds


def find_stream(ctx: Context, name: str) -> Document:
    """Return a delivery stream; raises Missing."""
    stream = ctx.documents.read(kinds.DELIVERY_STREAM, name)
    if stream is None:
        raise Missing(f"Firehose {name} under account {ctx.account} not found.")
    return stream


def encryption_of(given: dict[str, Any]) -> Document:
    """Return an enabled DeliveryStreamEncryptionConfiguration; raises Invalid if KeyType and KeyARN do not match."""
    managed = given["KeyType"] == "CUSTOMER_MANAGED_CMK"
    if managed != ("KeyARN" in given):
        raise Invalid("KeyARN is required with KeyType CUSTOMER_MANAGED_CMK and invalid otherwise.")
    return {**given, "Status": "ENABLED"}
