"""Files of the feed on disk: which ones a path means, their unpacked bytes, and writing them whole or not at all."""

import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from glue_local.feed.damage import Damage, Report

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
CONFIGURATION = "configuratie"


def expand(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files that paths mean: a file itself, of a folder every .xml and .gz in name order.

    Configuration documents, which ``feed generate`` writes beside the minutes, are passed over in folders.
    Raises FileNotFoundError naming a path that does not exist, or a folder without minutes.
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
    """Return a file's bytes, unpacked when they are gzip; of a broken gzip what can be read, and a report."""
    raw = path.read_bytes()
    if not raw.startswith(_GZIP_MAGIC):
        return raw
    unpacked = bytearray()
    problem = _unpack(raw, unpacked)
    if problem:
        report(Damage(str(path), unpacked.count(b"\n") + 1, f"{problem}; what could be unpacked is read"))
    return bytes(unpacked)


def _unpack(raw: bytes, into: bytearray) -> str | None:
    while raw.startswith(_GZIP_MAGIC):
        member = zlib.decompressobj(_GZIP_WINDOW)
        try:
            # In pieces, so that what precedes a broken block is kept.
            for at in range(0, len(raw), 4096):
                into += member.decompress(raw[at : at + 4096])
                if member.eof:
                    raw = member.unused_data + raw[at + 4096 :]
                    break
            else:
                return "the gzip data is truncated"
        except zlib.error as error:
            return f"the gzip data is broken ({error})"
    return None


def write(path: Path, document: bytes) -> None:
    """Write a document so that its name never shows half of it; packed when the name ends in .gz."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    # Without a time stamp in the gzip header the same document is the same bytes.
    part.write_bytes(gzip.compress(document, mtime=0) if path.suffix == ".gz" else document)
    os.replace(part, path)
