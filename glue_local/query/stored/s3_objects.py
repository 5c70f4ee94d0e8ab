"""Objects under an ``s3://`` location."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from glue_local.query.failure import QueryFailed
from glue_local.query.hive import failures


def split(location: str) -> tuple[str, str]:
    """Return a folder's bucket and prefix; the prefix is empty or ends with a slash."""
    scheme, _, rest = location.partition("://")
    bucket, _, prefix = rest.partition("/")
    if scheme != "s3" or not bucket:
        raise failures.semantic(f"Invalid location {location}: use s3://bucket/folder/")
    return bucket, prefix if not prefix or prefix.endswith("/") else f"{prefix}/"


def listed(s3: Any, location: str) -> Iterator[str]:
    """Yield the ``s3://`` URIs of the objects under a location, by name."""
    bucket, prefix = split(location)
    try:
        for each in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            yield from (f"s3://{bucket}/{found['Key']}" for found in each.get("Contents", []))
    except ClientError as error:
        raise _refused(error, location) from None


def is_empty(s3: Any, location: str) -> bool:
    return next(listed(s3, location), None) is None


def _refused(error: ClientError, location: str) -> QueryFailed:
    answer = error.response["Error"]
    return QueryFailed(f"{answer['Code']}: {answer['Message']}: {location}")
