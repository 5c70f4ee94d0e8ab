"""Formats that AWS's crawlers recognise and glue-local does not read: they are recognised in order to refuse them.

https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html#classifier-built-in
"""

from glue_local.crawl.failures import CrawlFailed
from glue_local.crawl.formats.found import Found
from glue_local.crawl.sample import Sample

_ION = (b"\xe0\x01\x00\xea", b"$ion_1_0")
_LENGTH = 4
_SHORTEST = 5  # bytes of a BSON document: its length and its end
_BSON_TYPES = frozenset(range(1, 20))


def recognise_bson(sample: Sample) -> Found | None:
    """Return None for a file that is not BSON. Raises CrawlFailed for BSON."""
    head = sample.head
    length = int.from_bytes(head[:_LENGTH], "little")
    if _SHORTEST < length <= len(head) and head[length - 1] == 0 and head[_LENGTH] in _BSON_TYPES:
        raise _refused("BSON", sample)
    return None


def recognise_ion(sample: Sample) -> Found | None:
    """Return None for a file without the mark of Amazon Ion. Raises CrawlFailed for one with it."""
    if sample.head.startswith(_ION):
        raise _refused("Amazon Ion", sample)
    return None


def _refused(what: str, sample: Sample) -> CrawlFailed:
    return CrawlFailed(
        f"glue-local does not crawl {what} yet, and {sample.name} is {what}: exclude it with Exclusions of the target."
    )
