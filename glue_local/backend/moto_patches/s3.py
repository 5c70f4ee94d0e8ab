"""Patches of moto's S3: bucket policies with conditions."""

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


PATCHES = (
    Patch(
        "moto.s3.models:FakeBucket.get_permission",
        "a bucket whose policy denies connections without TLS, as CDK's do, accepts no objects",
        _unconditional,
    ),
)
