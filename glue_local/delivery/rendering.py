"""The content of an object: records, delimiters, compression."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from glue_local.delivery.compression import compression
from glue_local.delivery.processing.processors import enabled


class Body(NamedTuple):
    """The content of an object, the suffix of its name, and its Content-Encoding (empty if uncompressed)."""

    content: bytes
    suffix: str
    encoding: str = ""


def delimiter(destination: Mapping[str, Any]) -> bytes:
    r"""Return the delimiter that a processor appends to each record; its parameter writes ``\n`` as two characters."""
    given = enabled(destination).get("AppendDelimiterToRecord")
    if given is None:
        return b""
    return given.get("Delimiter", "\\n").encode().decode("unicode_escape").encode()


def body(records: Iterable[bytes], destination: Mapping[str, Any]) -> Body:
    """Return the object of some records: joined, then compressed with the destination's format."""
    after = delimiter(destination)
    plain = b"".join(record + after for record in records)
    used = compression(destination.get("CompressionFormat", "UNCOMPRESSED"))
    return Body(used.pack(plain), destination.get("FileExtension") or used.suffix, used.encoding)
