"""S3 buckets: created and tagged, never deleted; and their notifications, with which S3 sends events to EventBridge."""

from collections.abc import Mapping
from typing import Any

from glue_local.promote.kinds.kind import Account, Found, Kind, Request, Tagging, found
from glue_local.promote.kinds.tags import as_list, as_map

_NOTIFIED = "NotificationConfiguration"


def _read(account: Account, request: Request) -> Found | None:
    s3, bucket = account.clients("s3"), {"Bucket": request["Bucket"]}
    if found(lambda: s3.head_bucket(**bucket), "404", "NoSuchBucket") is None:
        return None
    return Found({})


def _tags(account: Account, request: Request) -> dict[str, str]:
    bucket = {"Bucket": request["Bucket"]}
    tags = found(lambda: account.clients("s3").get_bucket_tagging(**bucket)["TagSet"], "NoSuchTagSet")
    return as_map(tags or [])


def _create(account: Account, request: Request) -> None:
    configuration = dict(request.get("CreateBucketConfiguration", {}))
    # us-east-1 is the default and the only region that LocationConstraint does not accept.
    if account.region != "us-east-1":
        configuration.setdefault("LocationConstraint", account.region)
    placed = {**request, "CreateBucketConfiguration": configuration} if configuration else request
    account.clients("s3").create_bucket(**placed)


def _update(account: Account, request: Request, there: Found) -> None:
    """Do nothing: apart from the name, CreateBucket's members apply at creation only."""


def _write(request: Request, tags: Mapping[str, str]) -> Request:
    configuration = request.get("CreateBucketConfiguration", {})
    return {**request, "CreateBucketConfiguration": {**configuration, "Tags": as_list(tags)}}


def _tag(account: Account, request: Request, tags: dict[str, str]) -> None:
    # PutBucketTagging replaces all tags, so that existing ones, including CloudFormation's aws:* tags, must be repeated.
    tags = {**_tags(account, request), **tags}
    account.clients("s3").put_bucket_tagging(Bucket=request["Bucket"], Tagging={"TagSet": as_list(tags)})


def _notifications(account: Account, bucket: str) -> dict[str, Any]:
    s3 = account.clients("s3")
    response = found(lambda: s3.get_bucket_notification_configuration(Bucket=bucket), "NoSuchBucket")
    return {name: value for name, value in (response or {}).items() if name != "ResponseMetadata"}


def _read_ours(account: Account, request: Request) -> Found | None:
    there = _notifications(account, request["Bucket"])
    ours = {name: there[name] for name in request[_NOTIFIED] if name in there}
    return Found({_NOTIFIED: ours}) if ours else None


def _put(account: Account, request: Request, there: Found | None = None) -> None:
    # The call replaces the bucket's whole configuration.
    whole = {**_notifications(account, request["Bucket"]), **request[_NOTIFIED]}
    s3 = account.clients("s3")
    s3.put_bucket_notification_configuration(Bucket=request["Bucket"], NotificationConfiguration=whole)


def _remove(account: Account, request: Request) -> None:
    left = {
        name: value
        for name, value in _notifications(account, request["Bucket"]).items()
        if name not in request[_NOTIFIED]
    }
    s3 = account.clients("s3")
    s3.put_bucket_notification_configuration(Bucket=request["Bucket"], NotificationConfiguration=left)


KIND = Kind(
    service="s3",
    operation="CreateBucket",
    name=("Bucket",),
    read=_read,
    create=_create,
    update=_update,
    tagging=Tagging(_write, _tags, _tag, member=None),
    promoted=("Bucket",),
    identity=("Bucket", "ACL", "CreateBucketConfiguration", "ObjectLockEnabledForBucket", "ObjectOwnership"),
)

NOTIFICATIONS = Kind(
    service="s3",
    operation="PutBucketNotificationConfiguration",
    name=("Bucket",),
    read=_read_ours,
    create=_put,
    update=_put,
    delete=_remove,
    owner=("buckets", "Bucket"),
    promoted=("Bucket", _NOTIFIED),
    identity=("Bucket",),
)
