"""Server-side encryption of delivery streams: stored and returned, but nothing is encrypted locally."""

from typing import Any

from glue_local.core.faults import Invalid
from glue_local.services.context import Context
from glue_local.services.firehose.lookup import encryption_of, find_stream
from glue_local.store import Document, kinds

_AWS_OWNED = {"KeyType": "AWS_OWNED_CMK"}


def start_delivery_stream_encryption(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """StartDeliveryStreamEncryption: ENABLED immediately; uses an AWS owned key by default.

    Errors: ResourceNotFoundException, InvalidArgumentException (a Kinesis source, or a key without its ARN).
    """
    given = request.get("DeliveryStreamEncryptionConfigurationInput", _AWS_OWNED)
    return _change(ctx, request["DeliveryStreamName"], given, "ENABLED")


def stop_delivery_stream_encryption(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """StopDeliveryStreamEncryption: DISABLED immediately. Errors: ResourceNotFoundException, InvalidArgumentException."""
    return _change(ctx, request["DeliveryStreamName"], None, "DISABLED")


def _change(ctx: Context, name: str, given: Document | None, status: str) -> dict[str, Any]:
    with ctx.documents.transaction():
        stream = find_stream(ctx, name)
        if stream["DeliveryStreamType"] != "DirectPut":
            raise Invalid(
                f"Cannot change the server-side encryption of {name}: its source is not DirectPut. Encrypt its Kinesis stream."
            )
        before = stream.get("DeliveryStreamEncryptionConfiguration", {})
        key = encryption_of(given) if given else before
        stream["DeliveryStreamEncryptionConfiguration"] = {**key, "Status": status}
        ctx.documents.write(kinds.DELIVERY_STREAM, name, doc=stream)
    return {}
