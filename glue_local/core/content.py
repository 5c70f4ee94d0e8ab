"""Content of any size, received, sliced, joined and read in pieces, with large content in files."""

import os
import uuid
import weakref
from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import md5
from pathlib import Path
from typing import NamedTuple, Protocol

CHUNK = 256 * 1024
_MOST_IN_MEMORY = 64 * 1024


class Readable(Protocol):
    """The stream of a request's body."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes; empty at the end."""


class _File:
    """An immutable file, deleted when nothing refers to it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        weakref.finalize(self, partial(path.unlink, missing_ok=True))

    def read(self, start: int, size: int) -> Iterator[bytes]:
        with self._path.open("rb", buffering=0) as file:
            file.seek(start)
            while size > 0 and (chunk := file.read(min(size, CHUNK))):
                size -= len(chunk)
                yield chunk


class _Piece(NamedTuple):
    source: _File | bytes
    start: int
    size: int

    def chunks(self) -> Iterator[bytes]:
        if isinstance(self.source, bytes):
            yield self.source[self.start : self.start + self.size]
        else:
            yield from self.source.read(self.start, self.size)


class Content:
    """Immutable bytes, in memory if they are few, otherwise in files.

    Slicing and joining copy nothing. Iteration yields chunks of at most 256 KiB; ``bytes()`` loads everything.
    """

    def __init__(self, *pieces: _Piece) -> None:
        self._pieces = pieces
        self._size = sum(piece.size for piece in pieces)

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            yield from piece.chunks()

    def __bytes__(self) -> bytes:
        return b"".join(self)

    def __getitem__(self, cut: slice) -> "Content":
        start, stop, step = cut.indices(self._size)
        if step != 1:
            raise ValueError("content only supports slices with step 1")
        pieces, at = [], 0
        for piece in self._pieces:
            begin, end = max(start - at, 0), min(stop - at, piece.size)
            if begin < end:
                pieces.append(_Piece(piece.source, piece.start + begin, end - begin))
            at += piece.size
        return Content(*pieces)

    def __deepcopy__(self, _memo: object) -> "Content":
        return self

    def md5(self) -> str:
        """Return the MD5 digest in hexadecimal."""
        digest = md5(usedforsecurity=False)
        for chunk in self:
            digest.update(chunk)
        return digest.hexdigest()


def joined(contents: Iterable[Content]) -> Content:
    """Return the concatenation of contents."""
    return Content(*(piece for content in contents for piece in content._pieces))


def of_bytes(data: bytes) -> Content:
    """Return bytes in memory as content."""
    return Content(_Piece(data, 0, len(data)))


class ContentFolder:
    """The folder of content files. Opening it deletes the files of a killed server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.iterdir():
            left.unlink()

    def receive(self, chunks: Iterator[bytes]) -> Content:
        """Store ``chunks`` and return the content; if they raise, nothing remains."""
        first, size = [], 0
        for chunk in chunks:
            first.append(chunk)
            size += len(chunk)
            if size > _MOST_IN_MEMORY:
                return self._write(first, chunks)
        return of_bytes(b"".join(first))

    def _write(self, first: Iterable[bytes], rest: Iterable[bytes]) -> Content:
        path = self._folder / uuid.uuid4().hex
        # Created before the file is written, so that an incomplete file is deleted.
        kept = _File(path)
        with path.open("xb", buffering=0) as file:
            for chunks in (first, rest):
                for chunk in chunks:
                    _write_all(file.fileno(), chunk)
            size = file.tell()
        return Content(_Piece(kept, 0, size))


def _write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]
