"""Recognize the service and the operation of a request, in any of AWS's protocols except CBOR."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import parse_qs, parse_qsl, unquote

from botocore.model import OperationModel, ServiceModel

from glue_local.core.wsgi import CALLER
from glue_local.wire.model import service_model, services
from glue_local.wire.target import protocol_of, split_target

_LABEL = re.compile(r"\{(\w+)(\+?)\}")


class Operation(NamedTuple):
    """The operation of a request, its protocol (``json``, ``query`` or ``rest-xml``), and the labels in its path."""

    model: OperationModel
    protocol: str
    labels: Mapping[str, str] = {}


class _Route(NamedTuple):
    model: OperationModel
    path: "re.Pattern[str]"
    literals: frozenset[tuple[str, str]]
    """Parameters of the query string that identify the operation."""
    required: frozenset[str]
    """Keys of required headers in a WSGI environment, and names of required parameters of the query string."""


def service_of(environ: Mapping[str, Any], names: Mapping[str, str]) -> ServiceModel | None:
    """Return the model of the service that a request is signed for, or None if botocore has none.

    ``names`` maps signing names to botocore's names where they differ.
    """
    signed = environ[CALLER].signed_service
    name = names.get(signed, signed)
    return service_model(name) if name in services() else None


def operation_of(environ: Mapping[str, Any], names: Mapping[str, str], body: bytes) -> Operation | None:
    """Return the operation that a request with this body names, or None if its service's model has none."""
    service = service_of(environ, names)
    if service is None:
        return None
    protocol = protocol_of(environ)
    if protocol == "rest-xml" or "rest-xml" in service.metadata.get("protocols", ()):
        return _by_path(service, environ)
    if protocol == "query":
        name = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)).get("Action", "")
    else:
        prefix, name = split_target(environ.get("HTTP_X_AMZ_TARGET", ""))
        if prefix != service.metadata.get("targetPrefix"):
            return None
    return Operation(service.operation_model(name), protocol) if name in service.operation_names else None


def _by_path(service: ServiceModel, environ: Mapping[str, Any]) -> Operation | None:
    path = environ.get("PATH_INFO", "").encode("latin-1", "replace").decode("utf-8", "replace")
    given = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    pairs = {(name, value) for name, values in given.items() for value in values}
    there = given.keys() | environ.keys()
    best, most = None, (-1, False, -1, False)
    for route in _routes(service.service_name, environ["REQUEST_METHOD"]):
        found = route.path.fullmatch(path)
        if found is None or not route.literals <= pairs:
            continue
        rank = (len(route.literals), route.required <= there, len(route.required), not route.model.deprecated)
        if rank > most:
            best, most = Operation(route.model, "rest-xml", found.groupdict()), rank
    return best


@cache
def _routes(service: str, method: str) -> tuple[_Route, ...]:
    model = service_model(service)
    operations = (model.operation_model(name) for name in model.operation_names)
    made = [_route(operation) for operation in operations if operation.http["method"] == method]
    return tuple(sorted(made, key=lambda route: -route.path.groups))


def _route(operation: OperationModel) -> _Route:
    path, _, query = operation.http["requestUri"].partition("?")
    pieces, end = [], 0
    for label in _LABEL.finditer(path):
        pieces.append(re.escape(path[end : label.start()]))
        pieces.append(f"(?P<{label[1]}>{'.+' if label[2] else '[^/]+'})")
        end = label.end()
    pieces.append(re.escape(unquote(path[end:])))
    shape = operation.input_shape
    required = {
        header_key(member.serialization["name"])
        if member.serialization["location"] == "header"
        else member.serialization["name"]
        for name, member in (shape.members.items() if shape else ())
        if name in shape.required_members and member.serialization.get("location") in ("header", "querystring")
    }
    literals = frozenset(parse_qsl(query, keep_blank_values=True))
    return _Route(operation, re.compile("".join(pieces) + "/?", re.DOTALL), literals, frozenset(required))


def header_key(name: str) -> str:
    """Return the key of a header in a WSGI environment."""
    key = name.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
