"""Handlers for the delivery process: delivery streams, their checkpoints and their direct puts."""

from typing import Any

from glue_local.core.faults import Missing
from glue_local.store import Document, Documents, kinds
from glue_local.worker_api.context import PrivateContext

_BATCH = 500


def streams(ctx: PrivateContext, body: dict[str, Any]) -> dict[str, Any]:
    """Return {Streams: [{account, region, name, description, checkpoint}]} of all accounts."""
    return {
        "Streams": [
            {
                "account": account,
                "region": region,
                "name": name,
                "description": description,
                "checkpoint": _checkpoint(ctx.store.scope(account, region), name),
            }
            for account, region, (name,), description in ctx.store.everywhere(kinds.DELIVERY_STREAM)
        ]
    }


def checkpoint(ctx: PrivateContext, body: dict[str, Any], account: str, region: str, name: str) -> dict[str, Any]:
    """Record that everything up to ``positions`` (by shard) is in S3, ``records`` more than before. Returns the checkpoint."""
    documents = ctx.store.scope(account, region)
    with ctx.store.transaction():
        if documents.read(kinds.DELIVERY_STREAM, name) is None:
            raise Missing(f"delivery stream {name} does not exist")
        held = _checkpoint(documents, name)
        held["positions"] |= body.get("positions", {})
        held["stream"] = body.get("stream")
        held["delivered"] += body["records"]
        for record_id in body.get("put_records", []):
            documents.remove(kinds.PUT_RECORD, name, record_id)
        documents.write(kinds.CHECKPOINT, name, doc=held)
    return held


def trouble(ctx: PrivateContext, body: dict[str, Any], account: str, region: str, name: str) -> dict[str, Any]:
    """Record the error that keeps a stream from being delivered, for ``glue-local status``; an empty one clears it."""
    documents = ctx.store.scope(account, region)
    with ctx.store.transaction():
        if documents.read(kinds.DELIVERY_STREAM, name) is None:
            raise Missing(f"delivery stream {name} does not exist")
        held = {**_checkpoint(documents, name), "trouble": body["trouble"]}
        documents.write(kinds.CHECKPOINT, name, doc=held)
    return held


def put_records(ctx: PrivateContext, body: dict[str, Any], account: str, region: str, name: str) -> dict[str, Any]:
    """Return {Records: [{id, data, arrived}]}: the oldest direct puts that are not in S3 yet, after the id ``after``."""
    after = (name, body["after"]) if body.get("after") else None
    found = ctx.store.scope(account, region).scan(kinds.PUT_RECORD, name, after=after, limit=_BATCH)
    return {"Records": [{"id": key[1], **doc} for key, doc in found]}


def _checkpoint(documents: Documents, name: str) -> Document:
    return documents.read(kinds.CHECKPOINT, name) or {"positions": {}, "stream": None, "delivered": 0}
