"""From records to the bytes of an object: delimiter and compression."""

import gzip
from collections.abc import Iterable, Mapping
from typing import Any


def delimiter(destination: Mapping[str, Any]) -> bytes:
    r"""Return what follows each record: a processor's delimiter, where ``\n`` is written as two characters."""
    processing = destination.get("ProcessingConfiguration", {})
    if not processing.get("Enabled"):
        return b""
    for processor in processing.get("Processors", []):
        if processor["Type"] == "AppendDelimiterToRecord":
            given = {p["ParameterName"]: p["ParameterValue"] for p in processor.get("Parameters", [])}
            return str(given.get("Delimiter", "\\n")).encode().decode("unicode_escape").encode()
    return b""


def body(records: Iterable[bytes], destination: Mapping[str, Any]) -> tuple[bytes, str]:
    """Return an object's bytes and the ending of its name."""
    after = delimiter(destination)
    plain = b"".join(record + after for record in records)
    extension = destination.get("FileExtension")
    if destination.get("CompressionFormat") == "GZIP":
        # The level of a stream that must keep up; Firehose documents none.
        return gzip.compress(plain, compresslevel=1, mtime=0), extension or ".gz"
    return plain, extension or ""
