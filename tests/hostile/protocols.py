"""Encode a document as a request in the protocol of its service, even if it does not conform to the service's model."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape

# The HTTP server refuses longer lines itself.
_LONGEST_LINE = 8000


class Encoded(NamedTuple):
    """The parts of an HTTP request that depend on its protocol."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def encode(model: Any, operation: str, document: dict[str, Any]) -> Encoded:
    """Encode a document in a protocol of a service: JSON if it has that, a form, or paths and headers."""
    if "json" in model.metadata["protocols"]:
        return _json(model, operation, document)
    if "query" in model.metadata["protocols"]:
        return _query(model, operation, document)
    return _rest(model, operation, document)


def _json(model: Any, operation: str, document: dict[str, Any]) -> Encoded:
    headers = {
        "X-Amz-Target": f"{model.metadata['targetPrefix']}.{operation}",
        "Content-Type": f"application/x-amz-json-{model.metadata['jsonVersion']}",
    }
    return Encoded("POST", "/", headers, _bytes(json.dumps(document)))


def _query(model: Any, operation: str, document: dict[str, Any]) -> Encoded:
    shape = model.operation_model(operation).input_shape
    pairs = [("Action", operation), ("Version", model.metadata["apiVersion"]), *_pairs(shape, document, "")]
    body = urlencode(pairs, errors="surrogatepass").encode()
    return Encoded("POST", "/", {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}, body)


def _pairs(shape: Any, value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield a value's parameters of the query protocol. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html"""
    kind = getattr(shape, "type_name", None)
    prefix = f"{path}." if path else ""
    if isinstance(value, list):
        flat = kind == "list" and shape.serialization.get("flattened")
        member = shape.member if kind == "list" else None
        for number, each in enumerate(value, 1):
            yield from _pairs(member, each, f"{path}.{number}" if flat else f"{path}.member.{number}")
    elif isinstance(value, dict) and kind == "map":
        for number, (key, each) in enumerate(value.items(), 1):
            yield f"{path}.entry.{number}.key", _text(key)
            yield from _pairs(shape.value, each, f"{path}.entry.{number}.value")
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _pairs(_member(shape, name), each, prefix + _wire_name(shape, name))
    else:
        yield path, _text(value)


def _rest(model: Any, operation: str, document: dict[str, Any]) -> Encoded:
    operation_model = model.operation_model(operation)
    shape, http = operation_model.input_shape, operation_model.http
    path, query, headers, body = http["requestUri"], [], {}, {}
    for name, value in document.items():
        location = _member(shape, name).serialization.get("location") if _member(shape, name) else None
        wire = _wire_name(shape, name)
        if location == "uri":
            path = path.replace(f"{{{wire}}}", quote(_text(value), safe="", errors="surrogatepass")).replace(
                f"{{{wire}+}}", quote(_text(value), errors="surrogatepass")
            )
        elif location == "querystring":
            query += [(wire, _text(each)) for each in (value if isinstance(value, list) else [value])]
        elif location == "header":
            headers[wire] = _header(value)
        elif location == "headers":
            headers |= {wire + _header(key): _header(each) for key, each in _items(value)}
        else:
            body[name] = value
    if query:
        path += ("&" if "?" in path else "?") + urlencode(query, errors="surrogatepass")
    # The server waits for a body of the declared length.
    headers.pop("Content-Length", None)
    headers = {name: value for name, value in headers.items() if name.replace("-", "").isalnum()}
    return Encoded(http["method"], path[:_LONGEST_LINE], headers, _rest_body(model, shape, body))


def _rest_body(model: Any, shape: Any, document: dict[str, Any]) -> bytes:
    if not document:
        return b""
    payload = shape.serialization.get("payload") if shape else None
    if payload in document and not isinstance(document[payload], dict | list):
        return _bytes(_text(document[payload]))
    if model.metadata["protocol"] == "rest-json":
        return _bytes(json.dumps(document.get(payload, document)))
    if payload in document:
        return _bytes("".join(_xml(shape.members[payload], document[payload], _wire_name(shape, payload))))
    return _bytes("".join(_xml(shape, document, (shape.serialization.get("locationName") if shape else None) or "x")))


def _xml(shape: Any, value: Any, tag: str) -> Iterator[str]:
    kind = getattr(shape, "type_name", None)
    if isinstance(value, list):
        member = shape.member if kind == "list" else None
        flat = kind == "list" and shape.serialization.get("flattened")
        inner = tag if flat else ((member.serialization.get("name") if member else None) or "member")
        pieces = (piece for each in value for piece in _xml(member, each, inner))
        yield from pieces if flat else (f"<{tag}>", *pieces, f"</{tag}>")
    elif isinstance(value, dict):
        yield f"<{tag}>"
        for name, each in value.items():
            yield from _xml(_member(shape, name), each, _wire_name(shape, name))
        yield f"</{tag}>"
    else:
        yield f"<{tag}>{escape(_text(value))}</{tag}>"


def _member(shape: Any, name: str) -> Any:
    return shape.members.get(name) if getattr(shape, "type_name", None) == "structure" else None


def _wire_name(shape: Any, name: str) -> str:
    member = _member(shape, name)
    return str(member.serialization.get("name", name)) if member else name


def _items(value: Any) -> list[tuple[Any, Any]]:
    return list(value.items()) if isinstance(value, dict) else [("x", value)]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


def _header(value: Any) -> str:
    printable = "".join(character if character.isprintable() else "?" for character in _text(value)[:_LONGEST_LINE])
    return printable.encode("latin-1", "replace").decode("latin-1")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
