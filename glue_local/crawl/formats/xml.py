"""XML is recognised in order to say that it is not supported yet."""

from glue_local.crawl.failures import CrawlFailed
from glue_local.crawl.formats.found import Found
from glue_local.crawl.formats.text import decoded
from glue_local.crawl.sample import Sample


def recognise(sample: Sample) -> Found | None:
    """Return None for a file that is not XML. Raises CrawlFailed for XML."""
    if (decoded(sample) or "").lstrip().startswith("<?xml"):
        raise CrawlFailed(
            f"glue-local does not crawl XML yet, and {sample.name} is XML: exclude it with Exclusions of the target."
        )
    return None
