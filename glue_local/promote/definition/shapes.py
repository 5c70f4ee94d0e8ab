"""Definitions held against the AWS models: unknown members, missing ones and wrong types, by line."""

from datetime import date, datetime
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ListShape, MapShape, Shape, StructureShape

from glue_local.promote.document import Written

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
    """Return the shape of an operation's request."""
    model = botocore.session.get_session().get_service_model(service)
    return model.operation_model(operation).input_shape


def check(written: Written, shape: Shape, what: str, *, partly: bool = False) -> None:
    """Raise DefinitionError for the first member that AWS's ``shape`` does not have, lacks, or types otherwise.

    ``partly`` lets members be left out, as where a stage overrides some.
    """
    if isinstance(shape, StructureShape):
        _structure(written, shape, what, partly)
    elif isinstance(shape, ListShape):
        for element in written.elements():
            check(element, shape.member, what)
    elif isinstance(shape, MapShape):
        for _, member in written.items():
            check(member, shape.value, what)
    else:
        _scalar(written, shape)


def _structure(written: Written, shape: StructureShape, what: str, partly: bool) -> None:
    members = written.items()
    for name, member in members:
        if name not in shape.members:
            near = next((each for each in shape.members if each.lower() == name.lower()), None)
            hint = f"; did you mean {near}?" if near else f"; it has {', '.join(shape.members)}"
            raise written.place_of(name).error(f"{what} has no {name}{hint}")
        check(member, shape.members[name], f"{what} {name}", partly=partly)
    missing = [name for name in shape.required_members if name not in dict(members)]
    if missing and not partly:
        raise written.place.error(f"{what} needs {' and '.join(missing)}")


def _scalar(written: Written, shape: Shape) -> None:
    wanted = _TYPES.get(shape.type_name)
    value: Any = written.value
    good = wanted is None or (isinstance(value, wanted) and (not isinstance(value, bool) or bool in wanted))
    if shape.type_name == "timestamp" and not _is_time(value):
        raise written.place.error(f"expected a time (2026-12-31T23:59:59Z), not {value!r}")
    if not good:
        raise written.place.error(f"expected {shape.type_name}, not {value!r}")


def _is_time(value: Any) -> bool:
    """Tell whether a value is a time: YAML reads some as dates itself."""
    if isinstance(value, date):
        return True
    try:
        datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        # AWS takes seconds since 1970, too.
        return isinstance(value, int | float)
    return True


def project(value: Any, shape: Shape | None) -> Any:
    """Return what of an answer a request's ``shape`` has as well: AWS adds times, states and ARNs of its own."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        known = {key: member for key, member in value.items() if key in shape.members and member is not None}
        return {key: project(member, shape.members[key]) for key, member in known.items()}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [project(element, shape.member) for element in value]
    return value
