"""Typed variables of ``glue-local.yaml``: declared once, given a value by each stage or by their default."""

from collections.abc import Mapping
from typing import Any

from glue_local.promote.document import Scalar, Written

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}
_MEMBERS = ("type", "default", "allowed", "description")


def values(declared: Written | None, given: Mapping[str, Written], where: str, missing: Written) -> dict[str, Scalar]:
    """Return the value of each declared variable: the one ``given``, else its default.

    Raises DefinitionError for a value that nobody declared, one of another type, and a variable without any: the last
    is said of ``missing``, the place where ``where`` (as in "stage prod") would give it.
    """
    variables = dict(declared.items()) if declared and declared.value else {}
    for name, value in given.items():
        if name not in variables:
            known = ", ".join(variables) or "none"
            raise value.place.error(f"{where} gives a value for {name}, which variables: does not declare ({known})")
    return {name: _value(name, variable, given.get(name), where, missing) for name, variable in variables.items()}


def _value(name: str, variable: Written, given: Written | None, where: str, missing: Written) -> Scalar:
    members = _members(name, variable)
    kind = members["type"].value if "type" in members else "string"
    allowed = members["allowed"].value if "allowed" in members else None
    chosen = given or members.get("default")
    if chosen is None:
        at = variable.place_of("type").line
        raise missing.place.error(f"{where} gives no value for the variable {name}, declared in line {at} ({kind})")
    _check(name, chosen, str(kind), allowed)
    value: Scalar = chosen.value
    return value


def _members(name: str, variable: Written) -> dict[str, Written]:
    members = dict(variable.items())
    for member in members:
        if member not in _MEMBERS:
            raise variable.place_of(member).error(f"a variable has no {member}; it has {', '.join(_MEMBERS)}")
    kind = members.get("type")
    if kind is not None and kind.value not in _TYPES:
        raise kind.place.error(f"the variable {name} has the type {kind.value}; known are {', '.join(_TYPES)}")
    return members


def _check(name: str, chosen: Written, kind: str, allowed: Any) -> None:
    types = _TYPES[kind]
    good = isinstance(chosen.value, types) and (not isinstance(chosen.value, bool) or bool in types)
    if not good:
        raise chosen.place.error(f"the variable {name} is {_article(kind)} {kind}, not {chosen.value!r}")
    if allowed is not None and chosen.value not in allowed:
        raise chosen.place.error(f"the variable {name} may be {', '.join(map(str, allowed))}, not {chosen.value}")


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"
