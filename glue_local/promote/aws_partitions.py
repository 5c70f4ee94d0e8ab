"""AWS partitions: each region belongs to one, and its ARNs begin with it (aws, aws-cn, aws-us-gov)."""

import re
from functools import cache

import botocore.session
from botocore.exceptions import UnknownRegionError

# A request can only refer to resources in its own partition.
_OF_ANY = re.compile(r"\barn:aws(?:-[a-z]+)*:")


@cache
def partition_of(region: str) -> str:
    """Return the partition of a region; raises ValueError for an unknown region."""
    try:
        return str(botocore.session.get_session().get_partition_for_region(region))
    except UnknownRegionError:
        raise ValueError(f"{region} is not an AWS region") from None


def in_partition_of(region: str, text: str) -> str:
    """Move the ARNs in a text, including managed policies and service integrations, to a region's partition."""
    return _OF_ANY.sub(f"arn:{partition_of(region)}:", text)
