"""Types of columns, as values that can be merged, and their text in the Data Catalog.

A type is a name such as ``bigint``, ``("array", type)``, ``("struct", {name: type})``, ``("map:string", type)`` with the
type of its keys, or None if only nulls were seen.
"""

from typing import Any

Type = Any
Columns = dict[str, Type]

_INTEGERS = ("tinyint", "smallint", "int", "bigint")
_FLOATS = ("float", "double")
STRING = "string"
MAP = "map:"
"""The beginning of the kind of a map; the text of the type of its keys follows."""


def text(of: Type) -> str:
    """Return the text of a type in the Data Catalog. Without a value it is string."""
    if of is None:
        return STRING
    if isinstance(of, str):
        return of
    kind, inner = of
    if kind == "array":
        return f"array<{text(inner)}>"
    if kind.startswith(MAP):
        return f"map<{kind.removeprefix(MAP)},{text(inner)}>"
    return f"struct<{','.join(f'{name}:{text(each)}' for name, each in inner.items())}>" if inner else STRING


def merge(one: Type, other: Type) -> Type:
    """Return the type that has the values of both: a wider number, both structs' fields, else string."""
    if one == other or other is None:
        return one
    if one is None:
        return other
    if isinstance(one, str) or isinstance(other, str):
        return _wider(one, other) or STRING
    (kind, inner), (other_kind, other_inner) = one, other
    if kind != other_kind:
        return STRING
    return (kind, merge_columns(inner, other_inner) if kind == "struct" else merge(inner, other_inner))


def merge_columns(one: Columns, other: Columns) -> Columns:
    """Return the union of columns: those of ``one`` in their order, then the others."""
    merged = {name: merge(kind, other[name]) if name in other else kind for name, kind in one.items()}
    return {**merged, **{name: kind for name, kind in other.items() if name not in merged}}


def is_compatible(one: Type, other: Type) -> bool:
    """Return whether two types are alike: equal, both numbers, or both nested in the same way."""
    if one is None or other is None or one == other:
        return True
    if isinstance(one, str) or isinstance(other, str):
        return _wider(one, other) is not None
    return bool(one[0] == other[0])


def _wider(one: Type, other: Type) -> str | None:
    if one in _INTEGERS and other in _INTEGERS:
        return str(max(one, other, key=_INTEGERS.index))
    if one in _FLOATS + _INTEGERS and other in _FLOATS + _INTEGERS:
        return "double"
    return None
