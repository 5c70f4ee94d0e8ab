"""List the files of a catalog table, each with the folder of its partition."""

from collections.abc import Iterable, Mapping
from typing import Any

from .listing import File, list_files


def files_by_root(
    table: Mapping[str, Any], roots: Iterable[str], exclusions: str | None = None, pruned: bool = False
) -> list[tuple[File, str]]:
    """Return the files under ``roots``, the folders of partitions or of the table, each with its root.

    With ``pruned``, only some partitions are wanted, and nothing outside ``roots`` is listed.
    """
    wanted = frozenset(roots)
    found = []
    for folder in list(wanted) if pruned else _listed(table, list(wanted)):
        for file in list_files(folder, True, exclusions):
            root = _root_of(file.path, wanted)
            if root is not None:
                found.append((file, root))
    return found


def _listed(table: Mapping[str, Any], roots: list[str]) -> list[str]:
    # One listing of the table's folder is faster than one for each partition.
    location = table["StorageDescriptor"]["Location"].rstrip("/")
    inside = [root for root in roots if root == location or root.startswith(location + "/")]
    if len(inside) > 8:
        return [location, *(root for root in roots if root not in set(inside))]
    return roots


def _root_of(path: str, roots: frozenset[str]) -> str | None:
    # For a table over a single file, a crawler uses the file as the location.
    if path in roots:
        return path
    while "/" in path:
        path = path.rpartition("/")[0]
        if path in roots:
            return path
    return None
