"""Patches of moto's S3: its events on EventBridge have the shape of AWS's, and ids of their own.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

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


class _Marker(NamedTuple):
    """A delete marker, with what moto's events read of an object."""

    name: str
    version_id: str
    # S3 has the ETag of an empty object for it.
    etag: str = "d41d8cd98f00b204e9800998ecf8427e"
    size: int = 0


def _send(original: Callable[..., None]) -> Callable[..., None]:
    detail_type = attribute(f"{_NOTIFICATIONS}:_detail_type")

    def send(account_id: str, bucket: Any, event_name: Any, key: Any) -> None:
        backend = attribute("moto.events.models:events_backends")[account_id][bucket.region_name]
        rules = backend.event_buses["default"].rules.values()
        if not rules:
            return
        event = _event(account_id, bucket, detail_type(event_name), str(event_name.value).removeprefix("s3:"), key)
        for rule in rules:
            try:
                rule.send_to_targets(event, transform_input=False)
            except Exception as error:  # noqa: BLE001 - the operation has taken effect: an event must not fail it
                named = f"{rule.arn} did not get the event of s3://{bucket.name}/{key.name}"
                sys.stderr.write(f"glue-local events: {named}: {error!r}\n")

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
        if not hasattr(key, "etag"):
            key = _Marker(key.name, key.version_id)
        if not (has_request_context() and _is_only_motos(name, request.args)):
            send_event(account_id, event_name, bucket, key)

    return send


def _set_delete_marker(set_marker: Callable[..., Any]) -> Callable[..., Any]:
    def setting(self: Any, bucket_name: str, key_name: str) -> Any:
        marker = set_marker(self, bucket_name, key_name)
        created = attribute(f"{_NOTIFICATIONS}:S3NotificationEvent")("s3:ObjectRemoved:DeleteMarkerCreated")
        attribute(f"{_NOTIFICATIONS}:send_event")(self.account_id, created, self.get_bucket(bucket_name), marker)
        return marker

    return setting


def _is_only_motos(event: str, arguments: Mapping[str, str]) -> bool:
    """Tell whether moto sends an event for what it does to create an object, by the arguments of the request."""
    return (
        (event == "ObjectCreated:Put" and "uploadId" in arguments)
        or (event.startswith("ObjectTagging:") and "tagging" not in arguments)
        or (event.startswith("ObjectAcl:") and "acl" not in arguments)
    )


PATCHES = (
    Patch("moto.s3.models:S3Backend._set_delete_marker", "a new delete marker is no event", _set_delete_marker),
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
