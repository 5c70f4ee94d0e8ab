"""The interface between the server and a backend."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from werkzeug.serving import WSGIRequestHandler

from glue_local.core.wsgi import WsgiApplication

RESET = "/moto-api/reset"
"""POST to this path resets everything."""


class Backend(NamedTuple):
    """An application for the requests that glue-local's services do not answer."""

    application: Callable[[int], WsgiApplication]
    """Makes the application; the argument is the port that the server listens on."""
    request_handler: type[WSGIRequestHandler]
    """The HTTP server's request handler class."""
    streams: Callable[[Mapping[str, Any]], bool]
    """Tells whether the application reads a request's body in pieces; other bodies are passed to it whole."""
    close: Callable[[], None] = lambda: None
    """Called when the server stops."""
