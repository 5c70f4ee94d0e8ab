"""Files of the feed on disk: list, decompress and atomically write them."""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from glue_local.core.files import replace_file
from glue_local.feed.miv.file_errors import FileError, Report

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
CONFIGURATION = "configuratie"


def expand(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield each file in ``paths`` and, for each folder, its .xml and .gz files sorted by name.

    In folders, configuration documents are skipped: ``feed generate`` writes them beside the minutes.
    Raises FileNotFoundError for a path that does not exist or a folder without minutes.
    """
    for path in paths:
        if path.is_dir():
            minutes = sorted(file for file in path.iterdir() if _is_minute(file))
            if not minutes:
                raise FileNotFoundError(f"{path}: no minutes (.xml or .gz) in this folder")
            yield from minutes
        elif path.exists():
            yield path
        else:
            raise FileNotFoundError(f"{path}: no such file or folder")


def _is_minute(file: Path) -> bool:
    return file.is_file() and file.suffix in (".xml", ".gz") and not file.name.startswith((CONFIGURATION, "."))


def content(path: Path, report: Report) -> bytes:
    """Return a file's content, decompressed if it is gzip; report damaged gzip data and return the readable part."""
    raw = path.read_bytes()
    if not raw.startswith(_GZIP_MAGIC):
        return raw
    unpacked = bytearray()
    problem = _unpack(raw, unpacked)
    if problem:
        report(FileError(str(path), unpacked.count(b"\n") + 1, f"{problem}; reading the part before it"))
    return bytes(unpacked)


def _unpack(raw: bytes, into: bytearray) -> str | None:
    while raw.startswith(_GZIP_MAGIC):
        member = zlib.decompressobj(_GZIP_WINDOW)
        try:
            # In chunks, to keep the data before a damaged block.
            for at in range(0, len(raw), 4096):
                into += member.decompress(raw[at : at + 4096])
                if member.eof:
                    raw = member.unused_data + raw[at + 4096 :]
                    break
            else:
                return "the gzip data is truncated"
        except zlib.error as error:
            return f"the gzip data is corrupt ({error})"
    return None


def write(path: Path, document: bytes) -> None:
    """Write a document atomically, compressed if the name ends in .gz."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # No timestamp in the gzip header: the same document produces the same bytes.
    replace_file(path, gzip.compress(document, mtime=0) if path.suffix == ".gz" else document)
