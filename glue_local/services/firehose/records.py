"""Records put directly into a delivery stream: kept in the store before the put is answered."""

import base64
from typing import Any

from glue_local.core.faults import Invalid, Missing
from glue_local.services.context import Context
from glue_local.store import Document, kinds

_RECORD_BYTES, _BATCH_BYTES = 1000 * 1024, 4 * 1024 * 1024


def put_record(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """PutRecord: return {RecordId, Encrypted}. Errors: ResourceNotFoundException, InvalidArgumentException."""
    (record_id,) = _keep(ctx, request["DeliveryStreamName"], [request["Record"]])
    return {"RecordId": record_id, "Encrypted": False}


def put_record_batch(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """PutRecordBatch: up to 500 records, 4 MiB; return {FailedPutCount, RequestResponses}; none fails alone here."""
    if sum(len(record["Data"]) for record in request["Records"]) > _BATCH_BYTES:
        raise Invalid("Records size exceeds 4 MB limit")
    ids = _keep(ctx, request["DeliveryStreamName"], request["Records"])
    return {"FailedPutCount": 0, "Encrypted": False, "RequestResponses": [{"RecordId": each} for each in ids]}


def _keep(ctx: Context, name: str, records: list[Document]) -> list[str]:
    stream = ctx.documents.read(kinds.DELIVERY_STREAM, name)
    if stream is None:
        raise Missing(f"Firehose {name} under account {ctx.account} not found.")
    if stream["DeliveryStreamType"] != "DirectPut":
        raise Invalid("This operation is not permitted on KinesisStreamAsSource delivery stream type.")
    ids = []
    with ctx.documents.transaction():
        for record in records:
            if len(record["Data"]) > _RECORD_BYTES:
                raise Invalid("Record size exceeds 1000 KB limit")
            ids.append(_next_id(ctx))
            doc = {"data": base64.b64encode(record["Data"]).decode(), "arrived": ctx.now}
            ctx.documents.write(kinds.PUT_RECORD, name, ids[-1], doc=doc)
    return ids


def _next_id(ctx: Context) -> str:
    # In order of arrival, so that a scan by key is one by time.
    return f"{int(ctx.clock().timestamp() * 1_000_000):020d}{ctx.ids.token()[:20]}"
