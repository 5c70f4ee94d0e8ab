"""Patches of moto's S3: bucket policies with conditions, and the configuration with which S3 sends events to EventBridge."""

import json
from collections.abc import Callable
from typing import Any

from glue_local.backend.moto_patches.patch import Patch, attribute


def _unconditional(get_permission: Callable[..., Any]) -> Callable[..., Any]:
    """Skip statements with a Condition: it cannot be evaluated here, such as a connection without TLS."""
    policy_of, result = (attribute(f"moto.iam.access_control:{name}") for name in ("IAMPolicy", "PermissionResult"))

    def permission(self: Any, action: str, resource: str) -> Any:
        if self.policy is None:
            return get_permission(self, action, resource)
        policy = json.loads(self.policy)
        given = policy.get("Statement", [])
        statements = [each for each in (given if isinstance(given, list) else [given]) if "Condition" not in each]
        if not statements:
            return result.NEUTRAL
        return policy_of(json.dumps({**policy, "Statement": statements})).is_action_permitted(action, resource)

    return permission


def _told(get_notification: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def get(self: Any) -> Any:
        configuration = self.backend.get_bucket_notification_configuration(self.bucket_name)
        if not configuration or configuration.event_bridge is None:
            return get_notification(self)
        serialized = self.serialized
        self.serialized = lambda result: serialized(type(result)({**result.result, "EventBridgeConfiguration": {}}))
        try:
            return get_notification(self)
        finally:
            del self.serialized

    return get


def _notifying(make: Callable[..., Any]) -> Any:
    """Have a stack's bucket send its events to EventBridge, if its NotificationConfiguration says so."""

    def made(cls: Any, *args: Any, **kwargs: Any) -> Any:
        bucket = make(*args, **kwargs)
        body = next((each for each in (*args, *kwargs.values()) if isinstance(each, dict) and "Type" in each), {})
        given = (body.get("Properties") or {}).get("NotificationConfiguration") or {}
        enabled = str((given.get("EventBridgeConfiguration") or {}).get("EventBridgeEnabled", "false")).lower()
        if enabled == "true":
            bucket.set_notification_configuration({"EventBridgeConfiguration": {}})
        return bucket

    return classmethod(made)


PATCHES = (
    Patch(
        "moto.s3.responses:S3Response.get_bucket_notification",
        "the response lacks EventBridgeConfiguration",
        _told,
    ),
    *(
        Patch(
            f"moto.s3.models:FakeBucket.{name}_from_cloudformation_json",
            "a stack's bucket does not send its events to EventBridge",
            _notifying,
        )
        for name in ("create", "update")
    ),
    Patch(
        "moto.s3.models:FakeBucket.get_permission",
        "a bucket whose policy denies connections without TLS, as CDK's do, accepts no objects",
        _unconditional,
    ),
)
