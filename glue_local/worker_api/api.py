"""The private API as a WSGI application: token, route, JSON in, JSON out."""

import hmac
import json
import socket
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from glue_local.core import faults
from glue_local.core.wsgi import WsgiApplication
from glue_local.worker_api.context import PrivateContext
from glue_local.worker_api.routes import Route

PREFIX = "/_glue_local"

_STATUS: dict[type[faults.Fault], int] = {faults.Missing: 404, faults.Conflict: 409, faults.Denied: 403}


def private_api(routes: Sequence[Route], context: PrivateContext) -> WsgiApplication:
    """Return the application. ``context.bearer`` is the server's token, which every route accepts except where it is open."""
    rules = Map([Rule(PREFIX + route.path, methods=[route.method], endpoint=route) for route in routes])

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        try:
            route, path_parts = rules.bind_to_environ(environ).match()
            answer = _answer(route, path_parts, request, context)
            response = Response(status=204) if answer is None else _json(answer, 200)
        except faults.Fault as fault:
            response = _json({"message": fault.message}, _STATUS.get(type(fault), fault.status))
        except HTTPException as error:
            response = _json({"message": f"{request.method} {request.path}: {error.description}"}, error.code or 500)
        return response(environ, start_response)

    return application


def _answer(route: Route, path_parts: Mapping[str, str], request: Request, context: PrivateContext) -> Any:
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not route.open and not hmac.compare_digest(bearer.encode(), context.bearer.encode()):
        raise faults.Denied("the private API needs the server's token: send it as 'Authorization: Bearer TOKEN'")
    try:
        body = json.loads(request.get_data() or b"{}")
    except ValueError as error:
        raise faults.Invalid(f"the request body is not JSON: {error}") from None
    if request.args:
        body = {**request.args.to_dict(), **body}
    connected = partial(_is_connected, request.environ.get("werkzeug.socket"))
    return route.handler(replace(context, bearer=bearer, connected=connected), body, **path_parts)


def _is_connected(connection: socket.socket | None) -> bool:
    """Return whether the client is still connected; without access to the socket, assume that it is."""
    if connection is None:
        return True
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def _json(document: Any, status: int) -> Response:
    return Response(json.dumps(document), status=status, content_type="application/json")
