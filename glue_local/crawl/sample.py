"""The beginning of an object, decompressed."""

import bz2
import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import IO, Any

from glue_local.crawl.failures import CrawlFailed
from glue_local.crawl.objects import Reader, S3Object, read_range
from glue_local.prerequisites import extras

STEP = 1 << 20
"""Bytes that are read at first; AWS reads the first megabyte, and up to 10 in steps of one if it has no record yet."""
LONGEST = 10 * STEP

_FRAMED_SNAPPY = b"\xff\x06\x00\x00sNaPpY"


@dataclass(frozen=True)
class Sample:
    """The beginning of an object. ``read`` is the number of (compressed) bytes that ``head`` stands for."""

    name: str
    size: int
    head: bytes
    read: int
    compression: str
    open: Callable[[], IO[bytes]]
    longer: "Callable[[], Sample] | None"
    """Reads a longer sample; None if it is complete or has AWS's maximum."""

    @property
    def is_complete(self) -> bool:
        """Whether ``head`` is the whole object."""
        return self.read >= self.size


def read_sample(s3: Any, bucket: str, found: S3Object, length: int = STEP) -> Sample:
    """Read the first ``length`` bytes of an object."""
    data = read_range(s3, bucket, found, 0, length)

    def reopen() -> IO[bytes]:
        return io.BufferedReader(Reader(s3, bucket, found), buffer_size=1 << 16)

    compression, head = _decompressed(data, found, reopen)
    more = len(data) < found.size and length < LONGEST

    def longer() -> Sample:
        return read_sample(s3, bucket, found, length + STEP)

    name = found.key.rpartition("/")[2]
    return Sample(name, found.size, head, len(data), compression, reopen, longer if more else None)


def _decompressed(data: bytes, found: S3Object, reopen: Callable[[], IO[bytes]]) -> tuple[str, bytes]:
    if data.startswith(b"\x1f\x8b"):
        return "gzip", _gzip(data)
    if data.startswith(b"BZh"):
        return "bzip2", _bzip2(data)
    if data.startswith(b"PK\x03\x04"):
        return "zip", _zip(reopen)
    if data.startswith(_FRAMED_SNAPPY):
        return "snappy", _framed_snappy(data)
    if found.key.endswith(".snappy"):
        return "snappy", _hadoop_snappy(data)
    return "none", data


def _gzip(data: bytes) -> bytes:
    out = b""
    try:
        while data:
            member = zlib.decompressobj(wbits=31)
            out += member.decompress(data, LONGEST)
            data = member.unused_data
            if len(out) >= LONGEST:
                break
    except zlib.error:
        pass
    return out


def _bzip2(data: bytes) -> bytes:
    out = b""
    try:
        while data:
            member = bz2.BZ2Decompressor()
            out += member.decompress(data, LONGEST)
            data = member.unused_data
            if len(out) >= LONGEST:
                break
    except (OSError, EOFError):
        pass
    return out


def _zip(reopen: Callable[[], IO[bytes]]) -> bytes:
    """Return the beginning of the archive's only file. AWS supports no other archives."""
    try:
        with zipfile.ZipFile(reopen()) as archive:
            names = [info for info in archive.infolist() if not info.is_dir()]
            if len(names) != 1:
                return b""
            with archive.open(names[0]) as file:
                return file.read(LONGEST)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, zlib.error):
        return b""


def _framed_snappy(data: bytes) -> bytes:
    out, at = b"", 0
    while at + 4 <= len(data):
        kind, length = data[at], int.from_bytes(data[at + 1 : at + 4], "little")
        chunk = data[at + 4 : at + 4 + length]
        if len(chunk) < length:
            break
        if kind == 0:
            out += _snappy(chunk[4:])
        elif kind == 1:
            out += chunk[4:]
        at += 4 + length
    return out


def _hadoop_snappy(data: bytes) -> bytes:
    """Decompress Hadoop's blocks: the length of a block, then the compressed length and data of each of its parts."""
    out, at = b"", 0
    while at + 8 <= len(data):
        left = int.from_bytes(data[at : at + 4], "big")
        at += 4
        while left > 0 and at + 4 <= len(data):
            length = int.from_bytes(data[at : at + 4], "big")
            chunk = data[at + 4 : at + 4 + length]
            part = _snappy(chunk) if len(chunk) == length else b""
            if not part:
                return out
            out, left, at = out + part, left - len(part), at + 4 + length
    return out


def _snappy(chunk: bytes) -> bytes:
    if lacking := extras.lacking("firehose"):
        raise CrawlFailed(f"Snappy needs {lacking}: run `pip install 'glue-local[firehose]'`")
    try:
        return bytes(import_module("cramjam").snappy.decompress_raw(chunk))
    except Exception as error:
        if type(error).__name__ != "DecompressionError":
            raise
        return b""
