"""The files below a path, with size and time of modification, in one recursive listing."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any
from urllib.parse import unquote, urlsplit

import boto3


@dataclass(frozen=True)
class File:
    """One file: its path as a URI, bytes, milliseconds since 1970, and S3's storage class."""

    path: str
    size: int
    modified: int
    storage_class: str = "STANDARD"


def list_files(path: str, recurse: bool = True, exclusions: str | None = None) -> list[File]:
    """Return the files at or below ``path`` (s3://, s3a://, file:// or local), hidden ones (_x, .x) left out.

    ``exclusions`` is Glue's: a JSON list of glob patterns. Raises ValueError for a malformed one.
    """
    patterns = _patterns(exclusions)
    root = path.rstrip("/")
    below = [] if "://" in root and not root.split("://", 1)[1] else _all(root)
    return [
        file
        for file in below
        if _visible(file.path[len(root) + 1 :], recurse) and not any(_excluded(file.path, one) for one in patterns)
    ]


def files_of(options: Mapping[str, Any], format: str) -> list[File]:
    """Return the files that connection options for s3 name: "paths", "recurse", "exclusions".

    Raises ValueError when they name no path.
    """
    paths = options.get("paths") or ([options["path"]] if options.get("path") else [])
    if not paths:
        raise ValueError('connection_options for s3 need "paths", a list of paths')
    paths = [paths] if isinstance(paths, str) else list(paths)
    recurse = str(options.get("recurse", format.lower() in ("parquet", "orc"))).lower() == "true"
    return [file for path in paths for file in list_files(path, recurse, options.get("exclusions"))]


def _all(root: str) -> list[File]:
    scheme = urlsplit(root).scheme
    if scheme in ("s3", "s3a", "s3n"):
        return list(_objects(root))
    if scheme in ("", "file"):
        return list(_local(root))
    raise NotImplementedError(
        f"reading {root!r}: paths of the scheme {scheme!r} are not emulated, s3:// and file:// are"
    )


def _objects(root: str) -> Iterator[File]:
    scheme, bucket, key = (urlsplit(root).scheme, urlsplit(root).netloc, root.split("://", 1)[1].partition("/")[2])
    pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=key)
    for page in pages:
        for item in page.get("Contents", []):
            name = item["Key"]
            # The prefix a/b also lists a/bc, which is another folder; a key ending in / is a folder's marker.
            if not name.endswith("/") and (not key or name == key or name.startswith(key + "/")):
                modified = _millis(item["LastModified"].timestamp())
                kind = item.get("StorageClass", "STANDARD")
                yield File(f"{scheme}://{bucket}/{name}", item["Size"], modified, kind)


def _local(root: str) -> Iterator[File]:
    folder = unquote(urlsplit(root).path) if root.startswith("file:") else root
    if os.path.isfile(folder):
        yield _file(root, folder)
    for parent, _, names in os.walk(folder):
        relative = os.path.relpath(parent, folder)
        below = root if relative == "." else f"{root}/{relative}"
        for name in names:
            yield _file(f"{below}/{name}", os.path.join(parent, name))


def _file(path: str, name: str) -> File:
    found = os.stat(name)
    return File(path, found.st_size, found.st_mtime_ns // 1_000_000)


def _millis(seconds: float) -> int:
    return round(seconds * 1000)


def _visible(relative: str, recurse: bool) -> bool:
    parts = relative.split("/")
    hidden = any(part.startswith(".") or (part.startswith("_") and "=" not in part) for part in parts)
    return not hidden and (recurse or len(parts) == 1)


def _excluded(path: str, pattern: str) -> bool:
    # Glue's ** crosses folders; fnmatch's * does so anyway.
    return fnmatch(path, pattern.replace("**", "*"))


def _patterns(exclusions: Any) -> list[str]:
    if not exclusions:
        return []
    try:
        patterns = json.loads(exclusions) if isinstance(exclusions, str) else exclusions
    except ValueError as malformed:
        raise ValueError(f"exclusions is not a JSON list of glob patterns: {exclusions!r}") from malformed
    return [str(pattern) for pattern in patterns]
