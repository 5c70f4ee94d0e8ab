"""The promotion before the current one, wanted again; refused where a part of it does not lie in the account any more."""

from collections.abc import Iterator

from botocore.exceptions import ClientError

from glue_local.promote.document import DefinitionError, Place
from glue_local.promote.kinds import Account
from glue_local.promote.kinds.scripts import digest, digest_in
from glue_local.promote.planning import Wanted
from glue_local.promote.records import Record, Records, resources_of

# S3 says AccessDenied of what is not there, too, to who may not list the bucket.
_LOST = {
    "NoSuchKey": "is gone",
    "NoSuchBucket": "is gone with its bucket",
    "InvalidObjectState": "is archived",
    "AccessDenied": "is gone, or may not be read",
}
_MEND = "restore it (an earlier version of the object, or the file from version control), or promote the earlier files"


def back(
    records: Records, project: str, stage: str, place: Place, marks: dict[str, str], prune: bool
) -> tuple[Wanted, Record]:
    """Return what the account is to be after a roll-back, and the promotion that this is.

    Raises DefinitionError where there is none before, and where its record or bytes are gone or not what it wrote.
    """
    earlier = _earlier(records, f"there is no promotion of {project} to {stage} before the current one")
    lost = list(_lost(records.account, earlier))
    if lost:
        raise DefinitionError("\n".join([f"{stage} is not touched: promotion {earlier.number} is not whole:", *lost]))
    resources = resources_of(earlier.resources, place)
    return Wanted(project, stage, resources, [], marks, prune, earlier.number), earlier


def _earlier(records: Records, none: str) -> Record:
    number = records.pointer().number
    if not number:
        raise DefinitionError(none)
    current = records.record(number)
    if current is None:
        raise DefinitionError(f"{records.where(number)}, the record of the current promotion, is gone: {_MEND}")
    if current.previous is None:
        raise DefinitionError(none)
    earlier = records.record(current.previous)
    if earlier is None:
        raise DefinitionError(
            f"{records.where(current.previous)}, the record of the promotion before, is gone: {_MEND}"
        )
    return earlier


def _lost(account: Account, record: Record) -> Iterator[str]:
    """Yield a line for each object of a promotion that is not there, cannot be read or has other bytes."""
    for each in record.resources:
        if each["kind"] != "scripts":
            continue
        fault = _fault(account, each["request"]["Bucket"], each["request"]["Key"])
        if fault:
            yield f"  {each['name']} {fault}: {_MEND}"


def _fault(account: Account, bucket: str, key: str) -> str | None:
    try:
        body = account.clients("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code not in _LOST:
            raise
        return _LOST[code]
    found = digest(body)
    return None if found == digest_in(key) else f"holds other bytes now, of the SHA-256 {found}"
