"""The formats of files, in the order in which AWS's built-in classifiers are invoked.

https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html#classifier-built-in
"""

from glue_local.crawl.formats import avro, csv, json, orc, parquet, xml
from glue_local.crawl.formats.found import UNKNOWN, Found
from glue_local.crawl.sample import Sample

_CLASSIFIERS = (avro.recognise, orc.recognise, parquet.recognise, json.recognise, xml.recognise, csv.recognise)


def classify(sample: Sample) -> Found:
    """Return what the first classifier that recognises a file finds in it; UNKNOWN if none does. Raises CrawlFailed."""
    for recognise in _CLASSIFIERS:
        try:
            found = recognise(sample)
        except RecursionError:  # documents that are nested hundreds of levels deep
            found = None
        if found is not None:
            return found
    return Found(UNKNOWN, sample.compression)


__all__ = ["UNKNOWN", "Found", "classify"]
