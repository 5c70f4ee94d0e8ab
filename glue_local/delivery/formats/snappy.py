"""Snappy's raw blocks in the two framings of Firehose: snappy-java's (``Snappy``) and Hadoop's (``HADOOP_SNAPPY``)."""

import struct

import cramjam

# SnappyOutputStream of snappy-java: its magic, its version and the oldest version that reads it.
_JAVA_HEADER = b"\x82SNAPPY\x00" + struct.pack(">ii", 1, 1)
_JAVA_BLOCK = 32 * 1024
_HADOOP_BLOCK = 256 * 1024


def java(content: bytes) -> bytes:
    """Return content in the framing of snappy-java: a header, then each block after its compressed length."""
    return _JAVA_HEADER + b"".join(_with_length(_block(part)) for part in _parts(content, _JAVA_BLOCK))


def hadoop(content: bytes) -> bytes:
    """Return content in the framing of Hadoop's SnappyCodec: each block after its plain and its compressed length."""
    return b"".join(
        struct.pack(">i", len(part)) + _with_length(_block(part)) for part in _parts(content, _HADOOP_BLOCK)
    )


def _parts(content: bytes, size: int) -> list[bytes]:
    return [content[start : start + size] for start in range(0, len(content), size)]


def _block(part: bytes) -> bytes:
    return bytes(cramjam.snappy.compress_raw(part))


def _with_length(block: bytes) -> bytes:
    return struct.pack(">i", len(block)) + block
