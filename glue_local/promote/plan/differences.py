"""Compare a resource's desired and actual state, attribute by attribute."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from botocore.model import Shape, StructureShape

from glue_local.promote.kinds import Found, Kind
from glue_local.promote.kinds.scripts import digest

_NOTHING = object()


class Change(NamedTuple):
    """The change of one attribute; None means not set."""

    path: tuple[str, ...]
    before: Any
    after: Any

    @property
    def where(self) -> str:
        """The path as text."""
        return ".".join(self.path)


def differences(kind: Kind, request: dict[str, Any], there: Found) -> list[Change]:
    """Return the attributes of ``there`` that differ from the request; attributes not in the request are ignored."""
    wanted = kind.comparable(request)
    if "Body" in request:
        wanted = {"Sha256": digest(request["Body"])}
    found = kind.comparable(there.attributes)
    return list(_compare((), wanted, found, None if "Body" in request else kind.shape, kind.shared))


def drifted(kind: Kind, recorded: dict[str, Any], request: dict[str, Any], there: Found) -> list[Change]:
    """Return the attributes of ``there`` that differ from the ``recorded`` ones, with the recorded value as ``after``.

    Shared and computed attributes, which others may change, count only if the promoted ``request`` sets them.
    """
    promoted = kind.comparable(request)
    changes = _compare((), kind.comparable(recorded), kind.comparable(there.attributes), None, kind.shared)
    return [change for change in changes if not _of_others(kind, change.path) or specified(change.path, promoted)]


def removed_attributes(kind: Kind, promoted: dict[str, Any], request: dict[str, Any], there: Found) -> list[Change]:
    """Return the attributes of ``there`` that the ``promoted`` request set and this request no longer sets.

    Lists are restored as a whole: AWS may add defaults to their elements, so that comparing elements finds no removal.
    """
    paths = _no_more((), kind.comparable(promoted), kind.comparable(request))
    found = kind.comparable(there.attributes)
    return [Change(path, value, after) for path, after in paths if (value := _at(found, path)) not in (None, after)]


def without(document: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """Return a document without the member at a path."""
    first, *rest = path
    if not rest:
        return {key: value for key, value in document.items() if key != first}
    below = document.get(first)
    return {**document, first: without(below, tuple(rest))} if isinstance(below, dict) else document


def _no_more(path: tuple[str, ...], promoted: Any, request: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(promoted, dict) and isinstance(request, dict):
        for name, below in promoted.items():
            where = (*path, name)
            if name in request:
                yield from _no_more(where, below, request[name])
            else:
                yield where, None
    elif isinstance(promoted, list) and isinstance(request, list) and promoted != request:
        yield path, request


def _at(document: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        document = document.get(key) if isinstance(document, dict) else None
    return document


def _of_others(kind: Kind, path: tuple[str, ...]) -> bool:
    return any(name in (*kind.shared, *kind.computed) for name in path)


def specified(path: tuple[str, ...], document: Any) -> bool:
    """Return whether a document sets the member at a path."""
    for key in path:
        if not isinstance(document, dict):
            return True
        if key not in document:
            return False
        document = document[key]
    return True


def with_value(document: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """Return a document with ``value`` at a path; None omits it, which means AWS's default."""
    if value is None:
        return document
    first, *rest = path
    return {**document, first: with_value(document.get(first, {}), tuple(rest), value) if rest else value}


def _compare(
    path: tuple[str, ...], wanted: Any, there: Any, shape: Shape | None, shared: tuple[str, ...]
) -> Iterator[Change]:
    if not isinstance(wanted, dict) or not isinstance(there, dict):
        # Without a shape it is a document of ours, to which AWS adds nothing.
        if not _same(path, wanted, there, exactly=shape is None):
            yield Change(path, None if there is _NOTHING else there, wanted)
        return
    names = list(wanted)
    if not _is_open(path, shape, shared):
        names += [name for name in there if name not in wanted]
    for name in names:
        below = shape.members.get(name) if isinstance(shape, StructureShape) else getattr(shape, "value", None)
        where = (*path, name)
        if name in wanted:
            yield from _compare(where, wanted[name], there.get(name, _NOTHING), below, shared)
        else:
            yield Change(where, there[name], None)


def _is_open(path: tuple[str, ...], shape: Shape | None, shared: tuple[str, ...]) -> bool:
    """Return whether extra members are allowed: AWS's defaults in a structure, others' entries in a shared map."""
    return isinstance(shape, StructureShape) or path[-1:] in [(name,) for name in shared]


def _same(path: tuple[str, ...], wanted: Any, there: Any, *, exactly: bool) -> bool:
    if not exactly and isinstance(wanted, list) and isinstance(there, list):
        return len(wanted) == len(there) and all(_same_within(*pair) for pair in zip(wanted, there, strict=True))
    if path == ("Role",) and isinstance(wanted, str) and isinstance(there, str):
        return _same_role(wanted, there)
    if wanted in ({}, []) and there is _NOTHING:
        return True
    return bool(wanted == there)


def _same_role(wanted: str, there: str) -> bool:
    """Compare two job roles, each given by name, by path and name, or by ARN."""
    if ":role/" in wanted and ":role/" in there:
        return wanted == there
    names = [role.partition(":role/")[2] or role for role in (wanted, there)]
    return names[0] == names[1] or ("/" not in wanted and names[1].rpartition("/")[2] == wanted)


def _same_within(wanted: Any, there: Any) -> bool:
    if isinstance(wanted, dict) and isinstance(there, dict):
        return all(_same_within(value, there.get(key)) for key, value in wanted.items())
    if isinstance(wanted, list) and isinstance(there, list):
        return len(wanted) == len(there) and all(map(_same_within, wanted, there))
    return bool(wanted == there)
