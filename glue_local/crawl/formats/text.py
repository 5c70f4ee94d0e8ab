"""Text in samples."""

import codecs

from glue_local.crawl.sample import Sample


def decoded(sample: Sample) -> str | None:
    """Return the head of a sample as text without byte order mark, None if it is not UTF-8."""
    # Not at the end: a character may be cut.
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        text = decoder.decode(sample.head, final=False)
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text
