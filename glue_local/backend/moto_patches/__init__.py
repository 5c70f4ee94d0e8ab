"""Patches of moto, one file per patched service, applied in the order of the list below."""

from functools import cache
from threading import RLock

from glue_local.backend.moto_patches import (
    cloudformation,
    dispatch,
    events,
    iam,
    kinesis,
    logs,
    s3,
    s3_content,
    s3_events,
    s3_requests,
    scheduler,
    sqs,
    ssm,
    stepfunctions,
    stepfunctions_tasks,
)
from glue_local.backend.moto_patches.patch import Patch, apply, check_version

PATCHES: dict[str, tuple[Patch, ...]] = {
    "": dispatch.PATCHES,
    "iam": iam.PATCHES,
    "kinesis": kinesis.PATCHES,
    "logs": logs.PATCHES,
    "s3": (*s3.PATCHES, *s3_content.PATCHES, *s3_requests.PATCHES, *s3_events.PATCHES),
    "sqs": sqs.PATCHES,
    "ssm": ssm.PATCHES,
    "states": (*stepfunctions.PATCHES, *stepfunctions_tasks.PATCHES),
    "cloudformation": cloudformation.PATCHES,
    "events": events.PATCHES,
    "scheduler": scheduler.PATCHES,
}
"""Patches by signing name, applied at the service's first request; those under an empty name at the start."""

_ALSO = {"cloudformation": ("events",)}
"""Services in whose moto another service changes state without a request."""

_APPLYING = RLock()

check_version()


def patch_service(signing_name: str) -> None:
    """Apply a service's patches once, at its first request: importing some takes a second. Raises PatchError."""
    if signing_name in PATCHES:
        # Two concurrent first requests would both apply the patches, and the second would fail on the patched moto.
        with _APPLYING:
            _apply_once(signing_name)


@cache
def _apply_once(signing_name: str) -> None:
    for patch in PATCHES[signing_name]:
        apply(patch)
    for other in _ALSO.get(signing_name, ()):
        _apply_once(other)


__all__ = ["PATCHES", "Patch", "patch_service"]
