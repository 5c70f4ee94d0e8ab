"""Typed variables in ``glue-local.yaml``: declared once, with values from the stage or a default."""

from collections.abc import Mapping
from typing import Any

from glue_local.promote.definition.document import Scalar, Written

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}
_MEMBERS = ("type", "default", "allowed", "description")


def values(declared: Written | None, given: Mapping[str, Written], where: str, missing: Written) -> dict[str, Scalar]:
    """Return the value of each declared variable: the ``given`` one or its default.

    Raises DefinitionError for an undeclared variable, a value of another type, or a variable without value. For the
    last, ``missing`` is the position where ``where`` (such as "stage prod") should set it.
    """
    variables = dict(declared.items()) if declared and declared.value else {}
    for name, value in given.items():
        if name not in variables:
            known = ", ".join(variables) or "none are"
            raise value.place.error(f"{where} sets {name}, which is not declared under variables: ({known})")
    return {name: _value(name, variable, given.get(name), where, missing) for name, variable in variables.items()}


def _value(name: str, variable: Written, given: Written | None, where: str, missing: Written) -> Scalar:
    members = _members(name, variable)
    kind = members["type"].value if "type" in members else "string"
    allowed = members["allowed"].value if "allowed" in members else None
    chosen = given or members.get("default")
    if chosen is None:
        at = variable.place_of("type").line
        raise missing.place.error(f"{where} does not set the variable {name}, declared in line {at} ({kind})")
    _check(name, chosen, str(kind), allowed)
    value: Scalar = chosen.value
    return value


def _members(name: str, variable: Written) -> dict[str, Written]:
    members = dict(variable.items())
    for member in members:
        if member not in _MEMBERS:
            raise variable.place_of(member).error(
                f"unknown member {member} of a variable: choose one of {', '.join(_MEMBERS)}"
            )
    kind = members.get("type")
    if kind is not None and kind.value not in _TYPES:
        raise kind.place.error(f"unknown type {kind.value} of the variable {name}: choose one of {', '.join(_TYPES)}")
    return members


def _check(name: str, chosen: Written, kind: str, allowed: Any) -> None:
    types = _TYPES[kind]
    good = isinstance(chosen.value, types) and (not isinstance(chosen.value, bool) or bool in types)
    if not good:
        raise chosen.place.error(f"the variable {name} must be {_article(kind)} {kind}, not {chosen.value!r}")
    if allowed is not None and chosen.value not in allowed:
        raise chosen.place.error(
            f"the variable {name} must be one of {', '.join(map(str, allowed))}, not {chosen.value}"
        )


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"
