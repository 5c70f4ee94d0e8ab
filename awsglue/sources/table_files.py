"""The files of a catalog table, each with the folder of the partition that it belongs to."""

from collections.abc import Iterable, Mapping
from typing import Any

from .listing import File, list_files


def rooted(
    table: Mapping[str, Any], roots: Iterable[str], exclusions: str | None = None, pruned: bool = False
) -> list[tuple[File, str]]:
    """Return the files below ``roots``, which are folders of the table's partitions (or its own), with their root.

    ``pruned`` says that others were left out: nothing outside ``roots`` is listed then.
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
    # One listing of the table's folder finds what many listings of its partitions would.
    location = table["StorageDescriptor"]["Location"].rstrip("/")
    inside = [root for root in roots if root == location or root.startswith(location + "/")]
    if len(inside) > 8:
        return [location, *(root for root in roots if root not in set(inside))]
    return roots


def _root_of(path: str, roots: frozenset[str]) -> str | None:
    # A crawler gives a table over one file that file as its location.
    if path in roots:
        return path
    while "/" in path:
        path = path.rpartition("/")[0]
        if path in roots:
            return path
    return None
