"""Objects in S3 as a crawl sees them: listed by pages into a tree of folders, read from their beginning or by ranges."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from glue_local.crawl.exclusions import matcher

KEPT = 1000
"""The maximum number of objects of a folder that are kept; further ones are only counted."""

_FOLDER_MARKER = "_$folder$"


@dataclass(frozen=True)
class S3Object:
    """An object with its size in bytes."""

    key: str
    size: int


@dataclass
class Folder:
    """A folder: ``path`` is its key prefix. ``count`` and ``size`` (bytes) are of its own objects, without subfolders.

    ``is_object`` means that the include path is the folder's only object.
    """

    path: str
    objects: list[S3Object] = field(default_factory=list)
    count: int = 0
    size: int = 0
    children: dict[str, "Folder"] = field(default_factory=dict)
    is_object: bool = False

    def walk(self) -> "Iterator[Folder]":
        """Yield this folder and all below it."""
        yield self
        for child in self.children.values():
            yield from child.walk()


@dataclass(frozen=True)
class Target:
    """An include path: the bucket, and the prefix of a folder (ends with ``/`` or is empty) or the key of one object."""

    bucket: str
    prefix: str
    exclusions: Sequence[str]
    sample_size: int | None

    @classmethod
    def of(cls, s3_target: dict[str, Any]) -> "Target":
        """Return the target of an S3Target."""
        found = urlsplit(s3_target["Path"], allow_fragments=False)
        prefix = s3_target["Path"].removeprefix(f"s3://{found.netloc}").lstrip("/")
        return cls(found.netloc, prefix, s3_target.get("Exclusions", []), s3_target.get("SampleSize"))


def tree(s3: Any, target: Target, check: Callable[[], None]) -> Folder:
    """List a target into a tree whose root is its folder, without hidden and empty objects. Calls ``check`` per page.

    A path without a trailing slash is a folder or one object, not a prefix of names.
    """
    folder = target.prefix if not target.prefix or target.prefix.endswith("/") else f"{target.prefix}/"
    excluded = matcher(target.exclusions)
    root = Folder(folder)
    for found in _listed(s3, target.bucket, folder, check):
        relative = found.key[len(folder) :]
        if found.size and not _is_hidden(relative) and not excluded(relative):
            _add(root, relative, found)
    if not root.count and not root.children and folder != target.prefix:
        parent = Folder(target.prefix.rpartition("/")[0] + "/" if "/" in target.prefix else "", is_object=True)
        for found in _listed(s3, target.bucket, target.prefix, check):
            if found.key == target.prefix and found.size:
                _add(parent, found.key[len(parent.path) :], found)
        return parent
    return root


def _listed(s3: Any, bucket: str, prefix: str, check: Callable[[], None]) -> Iterator[S3Object]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        check()
        for each in page.get("Contents", []):
            yield S3Object(each["Key"], each["Size"])


def _is_hidden(relative: str) -> bool:
    # As for Hive's formats: _SUCCESS, _temporary/, .crc files, and the markers of folders.
    parts = relative.split("/")
    return not parts[-1] or relative.endswith(_FOLDER_MARKER) or any(part.startswith(("_", ".")) for part in parts)


def _add(root: Folder, relative: str, found: S3Object) -> None:
    *folders, _ = relative.split("/")
    at = root
    for name in folders:
        if name not in at.children:
            at.children[name] = Folder(f"{at.path}{name}/")
        at = at.children[name]
    at.count += 1
    at.size += found.size
    if len(at.objects) < KEPT:
        at.objects.append(found)


class Reader(io.RawIOBase):
    """A seekable file on an object that reads ranges, for formats whose schema is at the end."""

    def __init__(self, s3: Any, bucket: str, found: S3Object) -> None:
        super().__init__()
        self._s3, self._bucket, self._found, self._at = s3, bucket, found, 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the position in bytes."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move the position; returns it."""
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._found.size}[whence]
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Read from the position into a buffer; returns the number of bytes."""
        end = min(self._at + len(buffer), self._found.size)
        if end <= self._at:
            return 0
        data = read_range(self._s3, self._bucket, self._found, self._at, end)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def read_range(s3: Any, bucket: str, found: S3Object, start: int, end: int) -> bytes:
    """Return the bytes of an object from ``start`` to before ``end``."""
    last = min(end, found.size) - 1
    body = s3.get_object(Bucket=bucket, Key=found.key, Range=f"bytes={start}-{last}")["Body"]
    return bytes(body.read())
