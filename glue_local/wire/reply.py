"""Render responses and errors in the AWS protocols."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

from glue_local.core import faults
from glue_local.wire.target import protocol_of


class Reply(NamedTuple):
    """A status, headers and body, ready for any HTTP server."""

    status: int
    headers: dict[str, str]
    body: bytes


# Error codes of the protocol itself, the same for every service.
_PROTOCOL_CODES: dict[type[faults.Fault], str] = {
    faults.Malformed: "ValidationException",
    faults.UnknownOperation: "UnknownOperationException",
    faults.Denied: "AccessDeniedException",
    # Deliberately not an AWS code: no client may take it for the service's error.
    faults.NotEmulated: "NotEmulatedByGlueLocalException",
    faults.Unavailable: "ServiceUnavailable",
    faults.TooLarge: "RequestEntityTooLargeException",
}


def success(document: Mapping[str, Any], json_version: str, request_id: str) -> Reply:
    """Render an operation's response: timestamps as epoch seconds, bytes as base64, no nulls."""
    return _reply(200, {}, _plain(document), json_version, request_id)


def refusal(fault: faults.Fault, codes: Mapping[type, str], json_version: str, request_id: str) -> Reply:
    """Render a fault with its service's error code for that kind (``codes``)."""
    kind = type(fault)
    code = fault.code or codes.get(kind) or _PROTOCOL_CODES.get(kind)
    if code is None:
        raise TypeError(f"{kind.__name__} has no AWS error code in this service") from fault
    # Clients accept either spelling; AWS's services differ in which they send.
    document = {"__type": code, "message": fault.message, "Message": fault.message}
    return _reply(fault.status, {"x-amzn-ErrorType": code}, document, json_version, request_id)


def refusal_for(protocol: str, fault: faults.Fault, request_id: str) -> Reply:
    """Render a fault raised outside the services, for a ``json``, ``query`` or ``rest-xml`` client."""
    if protocol == "json":
        return refusal(fault, {}, "1.1", request_id)
    code = escape(fault.code or _PROTOCOL_CODES[type(fault)])
    error = f"<Code>{code}</Code><Message>{escape(fault.message)}</Message>"
    if protocol == "query":
        kind = "Receiver" if fault.status >= 500 else "Sender"
        document = f"<ErrorResponse><Error><Type>{kind}</Type>{error}</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    else:
        document = f"<Error>{error}<RequestId>{request_id}</RequestId></Error>"
    headers = {"Content-Type": "text/xml", "x-amzn-RequestId": request_id}
    return Reply(fault.status, headers, f'<?xml version="1.0" encoding="UTF-8"?>{document}'.encode())


def respond(environ: dict[str, Any], start_response: Any, fault: faults.Fault, request_id: str) -> Any:
    """Answer a WSGI request with a fault raised outside the services, in the client's protocol."""
    reply = refusal_for(protocol_of(environ), fault, request_id)
    return Response(reply.body, reply.status, reply.headers)(environ, start_response)


def _reply(
    status: int, headers: dict[str, str], document: Mapping[str, Any], json_version: str, request_id: str
) -> Reply:
    body = json.dumps(document, default=_wire_value).encode()
    always = {"Content-Type": f"application/x-amz-json-{json_version}", "x-amzn-RequestId": request_id}
    return Reply(status, always | headers, body)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items() if member is not None}
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    return value


def _wire_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"Cannot render {type(value).__name__} in an AWS response")
