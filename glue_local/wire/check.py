"""Validate a request against AWS's model: return parsed values, or raise every violation in AWS's words."""

import base64
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from glue_local.core.faults import Malformed
from glue_local.wire.patterns import matches

_SHOWN_IN_MESSAGE = 2048
_MOST_VIOLATIONS = 100


def check(shape: Shape | None, document: Any) -> dict[str, Any]:
    """Return the request in the form operations receive: blobs as bytes, timestamps as epoch seconds, no nulls.

    Raises Malformed with AWS's text, ``1 validation error detected: Value null at 'name' failed to satisfy
    constraint: Member must not be null``; a wrong type is a SerializationException. Unknown members are
    ignored, as on AWS.
    """
    value = check_types(shape, document)
    if shape is None:
        return value
    violations = list(islice(_violations(shape, value, ""), _MOST_VIOLATIONS))
    if violations:
        count = f"{len(violations)} validation error{'s' if len(violations) > 1 else ''} detected: "
        raise Malformed(count + "; ".join(violations))
    return value


def check_types(shape: Shape | None, document: Any) -> dict[str, Any]:
    """Return what ``check`` returns; raises Malformed for wrong types only."""
    if not isinstance(document, dict):
        raise Malformed("Start of structure or map found where not expected.", code="SerializationException")
    return _parse(shape, document, "") if shape else {}


def _parse(shape: Shape, value: Any, path: str) -> Any:
    parser = _PARSERS.get(shape.type_name)
    if parser is None:
        raise Malformed(f"Unsupported type {shape.type_name} at {path!r}", code="SerializationException")
    return parser(shape, value, path)


def _parse_structure(shape: StructureShape, value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _unexpected("structure or map", value, path)
    return {
        name: _parse(shape.members[name], member, _member_path(path, name))
        for name, member in value.items()
        if member is not None and name in shape.members
    }


def _parse_list(shape: ListShape, value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise _unexpected("list", value, path)
    return [_parse(shape.member, member, f"{path}.{n}.member") for n, member in enumerate(value, 1)]


def _parse_map(shape: MapShape, value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _unexpected("structure or map", value, path)
    return {key: _parse(shape.value, member, f"{path}.{key}.member") for key, member in value.items()}


def _parse_blob(shape: Shape, value: Any, path: str) -> bytes:
    if not isinstance(value, str):
        raise _unexpected("base64 string", value, path)
    try:
        return base64.b64decode(value, validate=True)
    except ValueError as error:
        raise Malformed(f"{path or 'value'} is not base64: {error}", code="SerializationException") from None


def _parse_timestamp(shape: Shape, value: Any, path: str) -> float:
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp()
        except ValueError:
            raise _unexpected("timestamp", value, path) from None
    return _of((int, float), "timestamp")(shape, value, path)  # type: ignore[no-any-return]


def _of(types: tuple[type, ...], name: str) -> Callable[[Shape, Any, str], Any]:
    def parse(shape: Shape, value: Any, path: str) -> Any:
        # A bool is an int in Python but not on the wire.
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise _unexpected(name, value, path)
        return value

    return parse


_PARSERS: dict[str, Callable[[Any, Any, str], Any]] = {
    "structure": _parse_structure,
    "list": _parse_list,
    "map": _parse_map,
    "blob": _parse_blob,
    "timestamp": _parse_timestamp,
    "string": _of((str,), "String"),
    "boolean": _of((bool,), "Boolean"),
    "integer": _of((int,), "Integer"),
    "long": _of((int,), "Long"),
    "double": _of((int, float), "Double"),
    "float": _of((int, float), "Float"),
}


def _unexpected(wanted: str, value: Any, path: str) -> Malformed:
    if isinstance(value, dict):
        message = f"Start of structure or map found where not expected at '{path}'"
    elif isinstance(value, list):
        message = f"Start of list found where not expected at '{path}'"
    else:
        message = f"{_token(value)} can not be converted to {wanted} at '{path}'"
    return Malformed(message, code="SerializationException")


def _token(value: Any) -> str:
    # The token names of AWS's JSON parser.
    if isinstance(value, bool):
        return "TRUE_VALUE" if value else "FALSE_VALUE"
    return {str: "STRING_VALUE", int: "NUMBER_VALUE", float: "DECIMAL_VALUE"}.get(type(value), "NULL_VALUE")


def _violations(shape: Shape, value: Any, path: str) -> Iterator[str]:
    yield from _own_violations(shape, value, path)
    if isinstance(shape, StructureShape):
        for name in shape.required_members:
            if name not in value:
                yield _violation(None, _member_path(path, name), "Member must not be null")
        for name, member in value.items():
            yield from _violations(shape.members[name], member, _member_path(path, name))
    elif isinstance(shape, ListShape):
        for n, member in enumerate(value, 1):
            yield from _violations(shape.member, member, f"{path}.{n}.member")
    elif isinstance(shape, MapShape):
        for key, member in value.items():
            yield from _violations(shape.key, key, f"{path}.{key}.key")
            yield from _violations(shape.value, member, f"{path}.{key}.member")


def _own_violations(shape: Shape, value: Any, path: str) -> Iterator[str]:
    limits = shape.metadata
    if shape.type_name in ("string", "list", "map", "blob"):
        yield from _size_violations(limits, len(value), value, path, "have length")
    elif shape.type_name in ("integer", "long", "double", "float"):
        yield from _size_violations(limits, value, value, path, "have value")
    if isinstance(shape, StringShape) and shape.enum and value not in shape.enum:
        yield _violation(value, path, f"Member must satisfy enum value set: [{', '.join(shape.enum)}]")
    if "pattern" in limits and isinstance(value, str) and not matches(limits["pattern"], value):
        yield _violation(value, path, f"Member must satisfy regular expression pattern: {limits['pattern']}")


def _size_violations(limits: dict[str, Any], size: float, value: Any, path: str, verb: str) -> Iterator[str]:
    if "min" in limits and size < limits["min"]:
        yield _violation(value, path, f"Member must {verb} greater than or equal to {limits['min']}")
    if "max" in limits and size > limits["max"]:
        yield _violation(value, path, f"Member must {verb} less than or equal to {limits['max']}")


def _violation(value: Any, path: str, constraint: str) -> str:
    shown = "null" if value is None else f"'{_java(value)}'"
    return f"Value {shown} at '{path}' failed to satisfy constraint: {constraint}"


def _java(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_java, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={_java(member)}" for key, member in value.items()) + "}"
    if isinstance(value, bytes):
        return f"java.nio.HeapByteBuffer[pos=0 lim={len(value)} cap={len(value)}]"
    return str(value)[:_SHOWN_IN_MESSAGE]


def _member_path(path: str, name: str) -> str:
    # AWS names members as its Java code does: lower camel case.
    member = name[0].lower() + name[1:]
    return f"{path}.{member}" if path else member
