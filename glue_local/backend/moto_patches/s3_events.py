"""Patches of moto's S3: its events on EventBridge have the shape of AWS's, and ids of their own.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from flask import has_request_context, request
from moto.moto_api._internal import mock_random

from glue_local.backend.moto_patches.patch import Patch, attribute

_NOTIFICATIONS = "moto.s3.notifications"
# The names that AWS's page has for the API operation; others are not documented and keep S3's own name.
_REASONS = {
    "ObjectCreated:Put": "PutObject",
    "ObjectCreated:Post": "POST Object",
    "ObjectCreated:Copy": "CopyObject",
    "ObjectCreated:CompleteMultipartUpload": "CompleteMultipartUpload",
    "ObjectRemoved:Delete": "DeleteObject",
    "ObjectRemoved:DeleteMarkerCreated": "DeleteObject",
}
_DELETIONS = {
    "ObjectRemoved:Delete": "Permanently Deleted",
    "ObjectRemoved:DeleteMarkerCreated": "Delete Marker Created",
}


def _send(original: Callable[..., None]) -> Callable[..., None]:
    detail_type = attribute(f"{_NOTIFICATIONS}:_detail_type")

    def send(account_id: str, bucket: Any, event_name: Any, key: Any) -> None:
        backend = attribute("moto.events.models:events_backends")[account_id][bucket.region_name]
        rules = backend.event_buses["default"].rules.values()
        if not rules:
            return
        event = _event(account_id, bucket, detail_type(event_name), str(event_name.value).removeprefix("s3:"), key)
        for rule in rules:
            rule.send_to_targets(event, transform_input=False)

    return send


def _event(account: str, bucket: Any, detail_type: str, name: str, key: Any) -> dict[str, Any]:
    is_removed = name.startswith("ObjectRemoved:")
    # Of a deleted object, AWS's example has key, ETag and version only.
    size = {} if is_removed else {"size": key.size}
    version = {"version-id": key.version_id} if bucket.is_versioned and key.version_id else {}
    sequencer = f"{time.time_ns() // 1000:016X}"
    detail = {
        "version": "0",
        "bucket": {"name": bucket.name},
        "object": {"key": key.name, **size, "etag": key.etag.replace('"', ""), **version, "sequencer": sequencer},
        "request-id": mock_random.get_random_hex(16).upper(),
        "requester": account,
        "source-ip-address": "127.0.0.1",
        "reason": _REASONS.get(name, name),
        **({"deletion-type": _DELETIONS[name]} if name in _DELETIONS else {}),
    }
    return {
        "version": "0",
        "id": str(mock_random.uuid4()),
        "detail-type": detail_type,
        "source": "aws.s3",
        "account": account,
        "time": time.time(),
        "region": bucket.region_name,
        "resources": [bucket.arn],
        "detail": detail,
        "ingestion-time": time.time(),
    }


def _send_once(send_event: Callable[..., None]) -> Callable[..., None]:
    def send(account_id: str, event_name: Any, bucket: Any, key: Any) -> None:
        name = str(event_name.value).removeprefix("s3:")
        if not (has_request_context() and _is_only_motos(name, request.args)):
            send_event(account_id, event_name, bucket, key)

    return send


def _is_only_motos(event: str, arguments: Mapping[str, str]) -> bool:
    """Tell whether moto sends an event for what it does to create an object, by the arguments of the request."""
    return (
        (event == "ObjectCreated:Put" and "uploadId" in arguments)
        or (event.startswith("ObjectTagging:") and "tagging" not in arguments)
        or (event.startswith("ObjectAcl:") and "acl" not in arguments)
    )


PATCHES = (
    Patch(
        f"{_NOTIFICATIONS}:send_event",
        "creating an object is notified as a change of its tags too, and a completed upload also as ObjectCreated:Put",
        _send_once,
    ),
    Patch(
        f"{_NOTIFICATIONS}:_send_event_bridge_message",
        "all events of S3 on EventBridge have the same id, eTag instead of etag and another reason than AWS's, and reach"
        " the rules of every bus",
        _send,
    ),
)
