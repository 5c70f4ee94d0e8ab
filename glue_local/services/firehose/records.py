"""Direct puts into a delivery stream: a record is in the store before the put returns."""

import base64
from typing import Any

from glue_local.core.faults import Invalid
from glue_local.services.context import Context
from glue_local.services.firehose.lookup import find_stream
from glue_local.store import Document, kinds

_RECORD_BYTES, _BATCH_BYTES = 1000 * 1024, 4 * 1024 * 1024


def put_record(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """PutRecord: return {RecordId, Encrypted}. Errors: ResourceNotFoundException, InvalidArgumentException."""
    (record_id,), encrypted = _keep(ctx, request["DeliveryStreamName"], [request["Record"]])
    return {"RecordId": record_id, "Encrypted": encrypted}


def put_record_batch(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """PutRecordBatch: up to 500 records, 4 MiB; return {FailedPutCount, RequestResponses}; a single record never fails."""
    if sum(len(record["Data"]) for record in request["Records"]) > _BATCH_BYTES:
        raise Invalid("Records size exceeds 4 MB limit")
    ids, encrypted = _keep(ctx, request["DeliveryStreamName"], request["Records"])
    return {"FailedPutCount": 0, "Encrypted": encrypted, "RequestResponses": [{"RecordId": each} for each in ids]}


def _keep(ctx: Context, name: str, records: list[Document]) -> tuple[list[str], bool]:
    stream = find_stream(ctx, name)
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
    return ids, stream.get("DeliveryStreamEncryptionConfiguration", {}).get("Status") == "ENABLED"


def _next_id(ctx: Context) -> str:
    # Keys sort by arrival time, so that a scan by key is in time order.
    return f"{int(ctx.clock().timestamp() * 1_000_000):020d}{ctx.ids.token()[:20]}"
