"""Names of tables and partition keys."""

import hashlib
import re
from collections.abc import Sequence

_LONGEST = 128
_HASH = 32


def table_name(prefix: str, bucket: str, root: str) -> str:
    """Return the name of a table by its folder, object or bucket: letters, digits and underscores in lower case.

    https://docs.aws.amazon.com/glue/latest/dg/add-crawler.html
    """
    last = root.rstrip("/").rpartition("/")[2] or bucket
    return _cut(re.sub(r"[^a-z0-9_]", "_", f"{prefix}{last}".lower()))


def with_hash(name: str, location: str) -> str:
    """Return the name of a table whose name another table has: with a suffix that depends on its location."""
    digest = hashlib.md5(location.encode(), usedforsecurity=False).hexdigest()
    return f"{name[: _LONGEST - _HASH - 1]}_{digest}"


def partition_keys(values: Sequence[Sequence[str]]) -> list[str]:
    """Return the names of partition keys: ``k`` where all folders of a level are ``k=…``, else ``partition_<level>``."""
    names = []
    for level, folders in enumerate(zip(*values, strict=True)):
        keys = {_key(folder) for folder in folders}
        names.append(keys.pop().lower() if len(keys) == 1 and "" not in keys else f"partition_{level}")
    return names


def partition_value(key: str, folder: str) -> str:
    """Return the value of a folder: without ``k=`` if that is the key's name."""
    found = _key(folder)
    return folder[len(found) + 1 :] if found and found.lower() == key else folder


def _key(folder: str) -> str:
    name, equals, value = folder.partition("=")
    return name if equals and value else ""


def _cut(name: str) -> str:
    return name[:_LONGEST]
