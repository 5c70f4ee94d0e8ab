"""Read a request as the document that botocore's model of its operation describes, from forms, XML and headers."""

import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl
from xml.etree.ElementTree import Element, ParseError, fromstring

from botocore.model import Shape

from glue_local.core.faults import Malformed
from glue_local.wire.dispatch import document_in
from glue_local.wire.operations import Operation, header_key

_INTEGER = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_FLOAT = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?", re.ASCII)


def read_body(operation: Operation, body: bytes) -> Any:
    """Return the document in a request's body; a value that is not of its member's type stays text.

    Raises Malformed if the body is not in the protocol's format.
    """
    shape = operation.model.input_shape
    if operation.protocol == "json":
        return document_in(body)
    return _of_form(shape, body) if operation.protocol == "query" else _of_xml(shape, body)


def read_parameters(operation: Operation, environ: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members in a request's path, query string and headers, as ``read_body`` does."""
    shape = operation.model.input_shape
    return {name: value for name, value in _members(operation, environ, shape) if value is not None} if shape else {}


def is_in_body(shape: Shape, name: str) -> bool:
    """Tell whether a member of an operation's input is sent in the body."""
    return "location" not in shape.members[name].serialization


def _of_form(shape: Shape | None, body: bytes) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise Malformed(f"The request body is not a form in UTF-8: {error}") from None
    for path, text in pairs:
        _plant(tree, path.split("."), text)
    return _of_tree(shape, tree) if shape else {}


def _plant(tree: dict[str, Any], path: list[str], text: str) -> None:
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
        if not isinstance(tree, dict):
            return  # both a text and a structure: the text stays
    tree.setdefault(path[-1], text)


def _of_tree(shape: Any, tree: Any) -> Any:
    """Return a value of the query protocol. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html"""
    if not isinstance(tree, dict):
        return [] if shape.type_name == "list" and tree == "" else _typed(shape, tree)
    if shape.type_name == "structure":
        names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
        return {names[name]: _of_tree(shape.members[names[name]], each) for name, each in tree.items() if name in names}
    if shape.type_name == "list":
        numbered = tree if shape.serialization.get("flattened") else next(iter(tree.values()))
        return [_of_tree(shape.member, each) for _, each in _numbered(numbered)]
    if shape.type_name == "map":
        entries = [each for _, each in _numbered(tree.get("entry", tree)) if isinstance(each, dict)]
        return {str(each.get("key", "")): _of_tree(shape.value, each.get("value", "")) for each in entries}
    return tree


def _numbered(tree: Any) -> list[tuple[str, Any]]:
    return sorted(tree.items(), key=lambda item: (len(item[0]), item[0])) if isinstance(tree, dict) else []


def _of_xml(shape: Any, body: bytes) -> dict[str, Any]:
    members = {name for name in shape.members if is_in_body(shape, name)} if shape else set()
    payload = shape.serialization.get("payload") if shape else None
    if not members or not body:
        return {}
    if payload and shape.members[payload].type_name != "structure":
        # A text, such as a policy, or content, such as an object's.
        return {payload: body.decode("utf-8", "replace")} if shape.members[payload].type_name == "string" else {}
    try:
        root = fromstring(body)
    except (ParseError, ValueError, LookupError) as error:
        raise Malformed(f"The request body is not XML: {error}") from None
    if payload is None:
        return dict(_of_element(shape, root))
    name = shape.members[payload].serialization.get("name", payload)
    if _local(root) != name:
        raise Malformed(f"The root element is {_local(root)[:100]}, not {name}")
    return {payload: _of_element(shape.members[payload], root)}


def _of_element(shape: Any, element: Element) -> Any:
    if shape.type_name == "structure":
        names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
        found: dict[str, list[Element]] = {}
        for child in element:
            if (name := names.get(_local(child))) is not None:
                found.setdefault(name, []).append(child)
        return {name: _of_elements(shape.members[name], children) for name, children in found.items()}
    if shape.type_name == "map":
        return {"".join(entry.itertext()): "" for entry in element}
    return [_typed(shape, "".join(element.itertext()))] if shape.type_name == "list" else _text(shape, element)


def _of_elements(shape: Any, elements: list[Element]) -> Any:
    if shape.type_name == "list":
        flat = shape.serialization.get("flattened")
        return [_of_element(shape.member, each) for each in (elements if flat else elements[0])]
    return _of_element(shape, elements[-1])


def _text(shape: Any, element: Element) -> Any:
    # A structure where the model has text is refused by its type.
    return {_local(child): "" for child in element} if len(element) else _typed(shape, element.text or "")


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _members(operation: Operation, environ: Mapping[str, Any], shape: Any) -> Iterator[tuple[str, Any]]:
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    for name, member in shape.members.items():
        wire = member.serialization.get("name", name)
        match member.serialization.get("location"):
            case "uri":
                yield name, operation.labels.get(wire)
            case "querystring" if wire in query:
                yield name, query[wire] if member.type_name == "list" else _typed(member, query[wire][0])
            case "header" if header_key(wire) in environ:
                text = environ[header_key(wire)]
                yield name, text.split(",") if member.type_name == "list" else _typed(member, text.strip())


def _typed(shape: Any, text: str) -> Any:
    """Return text as a value of a scalar shape, or as it is."""
    if shape.type_name in ("integer", "long") and _INTEGER.fullmatch(text):
        return int(text)
    if shape.type_name in ("float", "double") and _FLOAT.fullmatch(text):
        return float(text)
    if shape.type_name == "boolean" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if shape.type_name == "timestamp":
        is_number = _FLOAT.fullmatch(text) and shape.serialization.get("location") != "header"
        try:
            return float(text) if is_number else parsedate_to_datetime(text).timestamp()
        except (ValueError, OverflowError):
            return text
    return {} if shape.type_name in ("structure", "map") and not text.strip() else text
