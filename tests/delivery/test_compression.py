"""The compression formats of Firehose, read back with independent code."""

import gzip
import io
import struct
import zipfile
from collections.abc import Callable

import cramjam
import pytest

from glue_local.delivery.compression import compression

# More than one block of each framing, and a partial block.
CONTENT = b"".join(b"line %d\n" % number for number in range(50_000))


def unzipped(packed: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        (entry,) = file.infolist()
        assert entry.compress_type == zipfile.ZIP_DEFLATED
        return file.read(entry)


def blocks(packed: bytes) -> tuple[bytes, int]:
    """Return the uncompressed content of snappy-java blocks and their number."""
    parts = []
    while packed:
        length = struct.unpack(">i", packed[:4])[0]
        parts.append(bytes(cramjam.snappy.decompress_raw(packed[4 : 4 + length])))
        packed = packed[4 + length :]
    return b"".join(parts), len(parts)


def snappy_java(packed: bytes) -> bytes:
    assert packed[:16] == b"\x82SNAPPY\x00\x00\x00\x00\x01\x00\x00\x00\x01"
    content, parts = blocks(packed[16:])
    assert parts == -(-len(content) // 32_768)
    return content


def hadoop_snappy(packed: bytes) -> bytes:
    parts = []
    while packed:
        plain, length = struct.unpack(">ii", packed[:8])
        parts.append(bytes(cramjam.snappy.decompress_raw(packed[8 : 8 + length])))
        assert len(parts[-1]) == plain <= 262_144
        packed = packed[8 + length :]
    return b"".join(parts)


@pytest.mark.parametrize(
    ("name", "suffix", "encoding", "unpack"),
    [
        ("UNCOMPRESSED", "", "", bytes),
        ("GZIP", ".gz", "gzip", gzip.decompress),
        ("ZIP", ".zip", "zip", unzipped),
        ("Snappy", ".snappy", "snappy-java", snappy_java),
        ("HADOOP_SNAPPY", ".snappy", "hadoop-snappy", hadoop_snappy),
    ],
)
def test_every_format_restores_the_content(
    name: str, suffix: str, encoding: str, unpack: Callable[[bytes], bytes]
) -> None:
    used = compression(name)
    packed = used.pack(CONTENT)
    assert (used.suffix, used.encoding) == (suffix, encoding)
    assert unpack(packed) == CONTENT
    assert used.pack(CONTENT) == packed, "a repeated delivery writes the same object"
