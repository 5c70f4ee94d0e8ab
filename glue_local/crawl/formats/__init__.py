"""The formats of files, in the order in which AWS's built-in classifiers are invoked.

https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html#classifier-built-in
"""

from collections.abc import Sequence

from glue_local.crawl.formats import avro, csv, json, logs, orc, parquet, unsupported, xml
from glue_local.crawl.formats.custom import Recognise, custom
from glue_local.crawl.formats.found import UNKNOWN, Found
from glue_local.crawl.sample import Sample

_BUILT_IN: tuple[Recognise, ...] = (
    avro.recognise,
    orc.recognise,
    parquet.recognise,
    json.recognise,
    unsupported.recognise_bson,
    xml.recognise,
    unsupported.recognise_ion,
    logs.recognise,
    csv.recognise,
)


def classify(sample: Sample, classifiers: Sequence[Recognise] = ()) -> Found:
    """Return what the first certain classifier finds in a file: custom ones in their order, then the built-in ones.

    Without one it is what the most certain custom classifier finds, else UNKNOWN. Raises CrawlFailed.
    """
    uncertain: list[Found] = []
    for recognise in (*classifiers, *_BUILT_IN):
        try:
            found = recognise(sample)
        except RecursionError:  # documents that are nested hundreds of levels deep
            found = None
        if found is not None and found.certainty == 1.0:
            return found
        if found is not None:
            uncertain.append(found)
    return max(uncertain, key=lambda found: found.certainty, default=Found(UNKNOWN, sample.compression))


__all__ = ["UNKNOWN", "Found", "Recognise", "classify", "custom"]
