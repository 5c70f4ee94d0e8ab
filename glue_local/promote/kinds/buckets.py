"""Buckets: made and tagged; never deleted, whatever they hold."""

from collections.abc import Mapping

from glue_local.promote.kinds.kind import Account, Found, Kind, Request, Tagging, found
from glue_local.promote.kinds.tags import as_list, as_map


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
    # us-east-1 is where a bucket without a constraint lies, and the one region that may not be named.
    if account.region != "us-east-1":
        configuration.setdefault("LocationConstraint", account.region)
    placed = {**request, "CreateBucketConfiguration": configuration} if configuration else request
    account.clients("s3").create_bucket(**placed)


def _update(account: Account, request: Request, there: Found) -> None:
    """Leave it: what CreateBucket says besides the name is of the making."""


def _write(request: Request, tags: Mapping[str, str]) -> Request:
    configuration = request.get("CreateBucketConfiguration", {})
    return {**request, "CreateBucketConfiguration": {**configuration, "Tags": as_list(tags)}}


def _tag(account: Account, request: Request, tags: dict[str, str]) -> None:
    # A bucket's tags are replaced as a whole: CloudFormation's aws:* ones have to be told again, and no other service takes those.
    tags = {**_tags(account, request), **tags}
    account.clients("s3").put_bucket_tagging(Bucket=request["Bucket"], Tagging={"TagSet": as_list(tags)})


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
