"""A type of CloudFormation resource, and the conversion of its properties to API parameters."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from botocore.model import ListShape, MapShape, Shape, StructureShape

Properties = dict[str, Any]


class Made(NamedTuple):
    """What ``Ref`` and ``Fn::GetAtt`` return for a created resource."""

    ref: str
    attributes: Mapping[str, str] = {}


class Kind(NamedTuple):
    """One type of resource. Each function gets a client of ``service``, the resource's name and its properties."""

    type: str
    service: str
    create: Callable[[Any, str, Properties], Made]
    update: Callable[[Any, str, Properties, Properties], None]
    """Gets the old properties and the new ones."""
    delete: Callable[[Any, str, Properties], None]
    name: tuple[str, ...] = ()
    """The path of the name in the properties; without a name, one is generated."""
    replaced_by: tuple[str, ...] = ()
    """Properties whose change requires replacement, besides the name."""
    attributes: tuple[str, ...] = ()
    longest_name: int = 255


def fitted(client: Any, operation: str, properties: Properties) -> Properties:
    """Return properties with an operation's types: a template may write numbers and booleans as text."""
    shape = client.meta.service_model.operation_model(operation).input_shape
    fitting: Properties = _fit(shape, properties)
    return fitting


def without(properties: Properties, *names: str) -> Properties:
    """Return the properties without the named ones."""
    return {name: value for name, value in properties.items() if name not in names}


def at(properties: Properties, path: tuple[str, ...]) -> Any:
    """Return the property at a path, None if it is absent."""
    found: Any = properties
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def named(properties: Properties, path: tuple[str, ...], name: str) -> Properties:
    """Return the properties with ``name`` set at ``path``."""
    if not path:
        return properties
    inner = named(properties.get(path[0]) or {}, path[1:], name) if path[1:] else name
    return {**properties, path[0]: inner}


def tags_as_map(tags: Any) -> dict[str, str]:
    """Return tags as a map; a template may write them as a list."""
    if isinstance(tags, dict):
        return {name: str(value) for name, value in tags.items()}
    return {tag["Key"]: str(tag.get("Value", "")) for tag in tags or []}


def _fit(shape: Shape | None, value: Any) -> Any:
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        return {name: _fit(shape.members.get(name), member) for name, member in value.items()}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_fit(shape.member, member) for member in value]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {name: _fit(shape.value, member) for name, member in value.items()}
    converter = _CONVERTERS.get(shape.type_name) if shape else None
    return converter(value) if converter else value


def _text(value: Any) -> Any:
    if isinstance(value, str):
        return value
    return json.dumps(value)


def _number(value: Any) -> Any:
    try:
        return int(value) if isinstance(value, str) else value
    except ValueError:
        return float(value)


_CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "string": _text,
    "integer": _number,
    "long": _number,
    "double": lambda value: float(value) if isinstance(value, str) else value,
    "float": lambda value: float(value) if isinstance(value, str) else value,
    "boolean": lambda value: value.lower() == "true" if isinstance(value, str) else value,
}
