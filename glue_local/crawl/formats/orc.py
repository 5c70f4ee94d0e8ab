"""ORC: the schema is in the footer, which is read by ranges."""

from glue_local.crawl.formats.arrow import columns, module
from glue_local.crawl.formats.found import Found
from glue_local.crawl.sample import Sample


def recognise(sample: Sample) -> Found | None:
    """Return the columns and the number of rows in an ORC file's footer."""
    if not sample.head.startswith(b"ORC"):
        return None
    orc = module("pyarrow.orc", "Crawling ORC")
    arrow = module("pyarrow", "Crawling ORC")
    try:
        with sample.open() as file:
            opened = orc.ORCFile(file)
            rows, found = opened.nrows, columns(opened.schema)
    except (arrow.ArrowException, OSError):
        return None
    return Found("orc", "none", found, rows, sample.size / rows if rows else 0.0, {"serialization.format": "1"})
