"""The compression of objects: how content is compressed, and the Content-Encoding."""

import gzip
import io
import zipfile
from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

# Firehose does not document its level.
_ENTRY = "records"


class Compression(NamedTuple):
    """A CompressionFormat: the suffix of objects, their Content-Encoding, and the compression function."""

    suffix: str
    encoding: str
    pack: Callable[[bytes], bytes]


def compression(name: str) -> Compression:
    """Return a CompressionFormat by its name; raises KeyError for an unknown one."""
    return _FORMATS[name]


def _gzip(content: bytes) -> bytes:
    # The fastest level, to keep up with a stream; Firehose does not document its own.
    return gzip.compress(content, compresslevel=1, mtime=0)


def _zip(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo(_ENTRY), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _snappy(framing: str) -> Callable[[bytes], bytes]:
    def pack(content: bytes) -> bytes:
        # Imported by name: cramjam belongs to the extra "firehose", and other compressions do not need it.
        packed: bytes = getattr(import_module("glue_local.delivery.formats.snappy"), framing)(content)
        return packed

    return pack


# AWS's page on object names has ``.hsnappy`` for HADOOP_SNAPPY, but Firehose's objects end in ``.snappy``.
_FORMATS = {
    "UNCOMPRESSED": Compression("", "", lambda content: content),
    "GZIP": Compression(".gz", "gzip", _gzip),
    "ZIP": Compression(".zip", "zip", _zip),
    "Snappy": Compression(".snappy", "snappy-java", _snappy("java")),
    "HADOOP_SNAPPY": Compression(".snappy", "hadoop-snappy", _snappy("hadoop")),
}
