"""Parquet: the schema is in the footer, which is read by ranges."""

from glue_local.crawl.formats.arrow import columns, module
from glue_local.crawl.formats.found import Found
from glue_local.crawl.sample import Sample


def recognise(sample: Sample) -> Found | None:
    """Return the columns and the number of rows in a Parquet file's footer."""
    if not sample.head.startswith(b"PAR1"):
        return None
    parquet = module("pyarrow.parquet", "Crawling Parquet")
    arrow = module("pyarrow", "Crawling Parquet")
    try:
        with sample.open() as file, parquet.ParquetFile(file) as opened:
            rows = opened.metadata.num_rows
            found = columns(opened.schema_arrow)
    except (arrow.ArrowException, OSError):
        return None
    # The compression inside Parquet is no matter of the table: AWS writes "none".
    return Found("parquet", "none", found, rows, sample.size / rows if rows else 0.0, {"serialization.format": "1"})
