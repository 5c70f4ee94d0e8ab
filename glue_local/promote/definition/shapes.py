"""Validate definitions against botocore's models: unknown members, missing members and wrong types, by line."""

from datetime import date, datetime
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ListShape, MapShape, Shape, StructureShape

from glue_local.core.near import nearest
from glue_local.promote.definition.document import Faults, Written

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "boolean": (bool,),
    "double": (int, float),
    "float": (int, float),
}


@cache
def request_shape(service: str, operation: str) -> StructureShape:
    """Return the request shape of an operation."""
    model = botocore.session.get_session().get_service_model(service)
    return model.operation_model(operation).input_shape


def check(written: Written, shape: Shape, what: str, *, partly: bool = False) -> None:
    """Raise DefinitionError with all unknown, missing and wrongly typed members.

    ``partly`` allows missing members, for a stage's overrides.
    """
    faults = Faults()
    _check(written, shape, what, partly, faults)
    faults.check()


def _check(written: Written, shape: Shape, what: str, partly: bool, faults: Faults) -> None:
    with faults.noted():
        if isinstance(shape, StructureShape):
            _structure(written, shape, what, partly, faults)
        elif isinstance(shape, ListShape):
            for element in written.elements():
                _check(element, shape.member, what, False, faults)
        elif isinstance(shape, MapShape):
            for _, member in written.items():
                _check(member, shape.value, what, False, faults)
        else:
            _scalar(written, shape)


def _structure(written: Written, shape: StructureShape, what: str, partly: bool, faults: Faults) -> None:
    members = written.items()
    meant = set()
    for name, member in members:
        if name in shape.members:
            _check(member, shape.members[name], f"{what} {name}", partly, faults)
            continue
        near = nearest(name, shape.members)
        meant.add(near)
        hint = f": did you mean {near}?" if near else f": choose one of {', '.join(shape.members)}"
        faults.note(written.place_of(name).error(f"{what} has no member {name}{hint}"))
    missing = [name for name in shape.required_members if name not in dict(members) and name not in meant]
    if missing and not partly:
        raise written.place.error(f"{what} requires {' and '.join(missing)}")


def _scalar(written: Written, shape: Shape) -> None:
    wanted = _TYPES.get(shape.type_name)
    value: Any = written.value
    good = wanted is None or (isinstance(value, wanted) and (not isinstance(value, bool) or bool in wanted))
    if shape.type_name == "timestamp" and not _is_time(value):
        raise written.place.error(f"expected a time such as 2026-12-31T23:59:59Z, not {value!r}")
    if not good:
        raise written.place.error(f"expected {shape.type_name}, not {value!r}")


def _is_time(value: Any) -> bool:
    """Return whether a value is a time; YAML parses some as dates."""
    if isinstance(value, date):
        return True
    try:
        datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        # AWS also accepts epoch seconds.
        return isinstance(value, int | float)
    return True


def project(value: Any, shape: Shape | None) -> Any:
    """Reduce a response to the members of a request's ``shape``: AWS adds times, states and ARNs."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        known = {key: member for key, member in value.items() if key in shape.members and member is not None}
        return {key: project(member, shape.members[key]) for key, member in known.items()}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [project(element, shape.member) for element in value]
    return value
