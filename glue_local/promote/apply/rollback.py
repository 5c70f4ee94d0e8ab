"""Roll back to the previous promotion, unless a part of it no longer exists in the account."""

from collections.abc import Iterator

from botocore.exceptions import ClientError

from glue_local.promote.apply.records import Record, Records, resources_of
from glue_local.promote.definition.document import DefinitionError, Place
from glue_local.promote.kinds import Account
from glue_local.promote.kinds.scripts import digest, digest_in
from glue_local.promote.plan.plan import Wanted

# Without permission to list the bucket, S3 returns AccessDenied for missing objects too.
_LOST = {
    "NoSuchKey": "no longer exists",
    "NoSuchBucket": "no longer exists, nor does its bucket",
    "InvalidObjectState": "is archived",
    "AccessDenied": "no longer exists or cannot be accessed",
}
_FIX = "restore it (an earlier version of the object, or the file from version control), or promote the earlier files"


def previous_promotion(
    records: Records, project: str, stage: str, place: Place, marks: dict[str, str], prune: bool
) -> tuple[Wanted, Record]:
    """Return the desired state for a rollback, and the promotion it returns to.

    Raises DefinitionError if there is no previous promotion, or its record or files are missing or changed.
    """
    earlier = _earlier(records, f"{project} has no earlier promotion to {stage}")
    lost = list(_lost(records.account, earlier))
    if lost:
        raise DefinitionError("\n".join([f"{stage} was not changed: promotion {earlier.number} is incomplete:", *lost]))
    resources = resources_of(earlier.resources, place)
    return Wanted(project, stage, resources, [], marks, prune, earlier.number), earlier


def _earlier(records: Records, none: str) -> Record:
    number = records.pointer().number
    if not number:
        raise DefinitionError(none)
    current = records.record(number)
    if current is None:
        raise DefinitionError(f"{records.where(number)}, the record of the current promotion, no longer exists: {_FIX}")
    if current.previous is None:
        raise DefinitionError(none)
    earlier = records.record(current.previous)
    if earlier is None:
        raise DefinitionError(
            f"{records.where(current.previous)}, the record of the previous promotion, no longer exists: {_FIX}"
        )
    return earlier


def _lost(account: Account, record: Record) -> Iterator[str]:
    """Yield a line for each file of a promotion that is missing, unreadable or changed."""
    for each in record.resources:
        if each["kind"] != "scripts":
            continue
        fault = _fault(account, each["request"]["Bucket"], each["request"]["Key"])
        if fault:
            yield f"  {each['name']} {fault}: {_FIX}"


def _fault(account: Account, bucket: str, key: str) -> str | None:
    try:
        body = account.clients("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code not in _LOST:
            raise
        return _LOST[code]
    found = digest(body)
    return None if found == digest_in(key) else f"has changed: its SHA-256 is {found}"
