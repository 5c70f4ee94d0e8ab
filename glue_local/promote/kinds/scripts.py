"""Scripts, modules and wheels: S3 objects, stored under their SHA-256 in a stage."""

import hashlib

from glue_local.promote.kinds.kind import Account, Found, Kind, Request, found


def digest(body: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def digest_in(key: str) -> str:
    """Return the SHA-256 in a promoted object's key, which is its folder's name."""
    return key.rpartition("/")[0].rpartition("/")[2]


def _read(account: Account, request: Request) -> Found | None:
    where = {"Bucket": request["Bucket"], "Key": request["Key"]}
    body = found(lambda: account.clients("s3").get_object(**where)["Body"].read(), "NoSuchKey", "NoSuchBucket")
    return None if body is None else Found({"Sha256": digest(body)})


def _create(account: Account, request: Request) -> None:
    # Only a script that is run as a file has metadata: where it was uploaded from.
    metadata = {"Metadata": request["Metadata"]} if "Metadata" in request else {}
    account.clients("s3").put_object(Bucket=request["Bucket"], Key=request["Key"], Body=request["Body"], **metadata)


def _update(account: Account, request: Request, there: Found) -> None:
    _create(account, request)


KIND = Kind(
    service="s3",
    operation="PutObject",
    name=("Destination",),
    read=_read,
    create=_create,
    update=_update,
    identity=("Destination", "Bucket", "Key", "Body"),
)
