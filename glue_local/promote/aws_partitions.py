"""AWS's partitions: a region lies in one, and every ARN there names it — aws, aws-cn in China, aws-us-gov for the government."""

import re
from functools import cache

import botocore.session
from botocore.exceptions import UnknownRegionError

# No request names a resource of another partition than its own.
_OF_ANY = re.compile(r"\barn:aws(?:-[a-z]+)*:")


@cache
def partition_of(region: str) -> str:
    """Return the partition of a region; raises ValueError for a region that lies in none."""
    try:
        return str(botocore.session.get_session().get_partition_for_region(region))
    except UnknownRegionError:
        raise ValueError(f"{region} is no region of AWS") from None


def in_partition_of(region: str, text: str) -> str:
    """Return a text whose ARNs are of the partition of a region: a managed policy's and a service integration's too."""
    return _OF_ANY.sub(f"arn:{partition_of(region)}:", text)
