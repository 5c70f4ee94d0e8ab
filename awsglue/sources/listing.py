"""List the files under a path, with size and modification time."""

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
    """A file: URI, size in bytes, modification time in milliseconds since 1970, and S3 storage class."""

    path: str
    size: int
    modified: int
    storage_class: str = "STANDARD"


def list_files(path: str, recurse: bool = True, exclusions: str | None = None) -> list[File]:
    """Return the files at or under ``path`` (s3://, s3a://, file:// or local), except hidden ones (_x, .x).

    ``exclusions`` is a JSON list of glob patterns; raises ValueError if it is malformed.
    """
    patterns = _patterns(exclusions)
    root = path.rstrip("/")
    found = [] if "://" in root and not root.split("://", 1)[1] else _all(root)
    return [
        file
        for file in found
        if _visible(file.path[len(root) + 1 :], recurse) and not any(_excluded(file.path, one) for one in patterns)
    ]


def without_slash(path: str) -> str:
    """Return a folder without a trailing slash, except for a bucket: Hadoop rejects ``s3://bucket``."""
    bare = path.rstrip("/")
    return f"{bare}/" if "://" in bare and "/" not in bare.split("://", 1)[1] and not bare.startswith("file:") else bare


def below(folder: str, name: str) -> str:
    """Return the path of ``name`` in ``folder``."""
    return f"{folder.rstrip('/')}/{name}"


def files_of(options: Mapping[str, Any], format: str) -> list[File]:
    """Return the files for the connection options "paths", "recurse" and "exclusions".

    Raises ValueError if there is no path.
    """
    paths = paths_of(options)
    # Glue reads these two with Spark's own data sources, which always recurse.
    recurse = format.lower() in ("parquet", "orc") or str(options.get("recurse", False)).lower() == "true"
    return [file for path in paths for file in list_files(path, recurse, options.get("exclusions"))]


def paths_of(options: Mapping[str, Any]) -> list[str]:
    """Return the paths in the connection options; raises ValueError if there is none."""
    paths = options.get("paths") or options.get("path")
    if not paths:
        raise ValueError('connection_options for s3 must have "paths", a list of paths')
    return [paths] if isinstance(paths, str) else list(paths)


def _all(root: str) -> list[File]:
    scheme = urlsplit(root).scheme
    if scheme in ("s3", "s3a", "s3n"):
        return list(_objects(root))
    if scheme in ("", "file"):
        return list(_local(root))
    raise NotImplementedError(f"reading {root!r}: the scheme {scheme!r} is not emulated, use s3:// or file://")


def _objects(root: str) -> Iterator[File]:
    scheme, bucket, key = (urlsplit(root).scheme, urlsplit(root).netloc, root.split("://", 1)[1].partition("/")[2])
    pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=key)
    for page in pages:
        for item in page.get("Contents", []):
            name = item["Key"]
            # The prefix a/b also matches a/bc, a different folder; a key that ends with / is a folder marker.
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
        place = root if relative == "." else f"{root}/{relative}"
        for name in names:
            yield _file(f"{place}/{name}", os.path.join(parent, name))


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
        raise ValueError(f"exclusions must be a JSON list of glob patterns, not {exclusions!r}") from malformed
    return [str(pattern) for pattern in patterns]
