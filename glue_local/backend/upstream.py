"""Another endpoint as the backend: requests and responses pass through unchanged."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import SplitResult, urlsplit

from werkzeug.serving import WSGIRequestHandler

from glue_local.backend.contract import RESET, Backend
from glue_local.core.faults import NotEmulated, Unavailable
from glue_local.core.wsgi import CALLER, XML_SERVICES, WsgiApplication

# Set by an upstream on requests that it forwards to us: passing those back would loop.
_FORWARDED = "HTTP_X_GLUE_LOCAL_FORWARDED"
_SENT = "glue_local.headers"
_REWRITTEN = {"content-length": "CONTENT_LENGTH", "x-amz-target": "HTTP_X_AMZ_TARGET"}
_CONNECT_SECONDS = 5.0
_CHUNK = 64 * 1024
# https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1: these headers only apply to one connection.
_HOP_BY_HOP = frozenset(
    ("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "expect")
)


class PassingOn(WSGIRequestHandler):
    """A request handler that keeps the original headers: WSGI loses names with an underscore."""

    def make_environ(self) -> dict[str, Any]:
        """Return the WSGI environment with the original headers added."""
        return {**super().make_environ(), _SENT: self.headers.items()}


def upstream(url: str) -> Backend:
    """Return the backend that forwards to the AWS endpoint at ``url``."""
    return Backend(lambda port, hooks: upstream_application(url), PassingOn, _streams)


def _streams(environ: Mapping[str, Any]) -> bool:
    return environ[CALLER].signed_service in XML_SERVICES


def upstream_application(url: str) -> WsgiApplication:
    """Return the application that passes requests on to ``url``.

    Bodies are streamed both ways; status and headers are unchanged. Raises Unavailable with the URL if it does not
    answer, and NotEmulated for requests that the upstream forwarded here. Resets are not passed on.
    """
    target = urlsplit(url)

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == RESET:
            start_response("200 OK", [("Content-Type", "application/json")])
            return [b'{"status": "ok"}']
        if _FORWARDED in environ:
            service = environ[CALLER].signed_service or "this service"
            raise NotEmulated(f"glue-local does not emulate {service} yet.")
        connection = _connection(target)
        try:
            response = _ask(connection, target.path, environ)
        except (OSError, HTTPException) as error:
            connection.close()
            raise Unavailable(
                f"The upstream {url} does not respond ({error}): start it, or wait until it is ready"
            ) from None
        start_response(f"{response.status} {response.reason}", _end_to_end(response.getheaders()))
        return _Body(connection, response)

    return application


class _Body(Iterator[bytes]):
    """A response body, read in chunks; the server closes it when it is sent or the client disconnects."""

    def __init__(self, connection: HTTPConnection, response: HTTPResponse) -> None:
        self._connection, self._response = connection, response
        self._pieces = iter(partial(response.read1, _CHUNK), b"")

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        """Discard the unread rest."""
        self._response.close()
        self._connection.close()


def _connection(target: SplitResult) -> HTTPConnection:
    kind = HTTPSConnection if target.scheme == "https" else HTTPConnection
    return kind(str(target.hostname), target.port, timeout=_CONNECT_SECONDS)


def _ask(connection: HTTPConnection, base: str, environ: dict[str, Any]) -> HTTPResponse:
    connection.connect()
    # No timeout: long polls and large files take time.
    connection.sock.settimeout(None)
    # Path and query as they were sent: an S3 key may contain any escaped character.
    path = base + environ["REQUEST_URI"].encode("latin-1").decode()
    connection.putrequest(environ["REQUEST_METHOD"], path, skip_host=True, skip_accept_encoding=True)
    for name, value in _end_to_end(environ[_SENT]):
        if name.lower() not in _REWRITTEN:
            connection.putheader(name, value)
    # Our middleware may have replaced the body or the operation.
    for name, variable in _REWRITTEN.items():
        if variable in environ:
            connection.putheader(name, environ[variable])
    connection.putheader("Connection", "close")
    chunked = "CONTENT_LENGTH" not in environ and environ.get("wsgi.input_terminated", False)
    if chunked:
        connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders(_pieces(environ), encode_chunked=chunked)
    return connection.getresponse()


def _end_to_end(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP]


def _pieces(environ: dict[str, Any]) -> Iterator[bytes]:
    stream, left = environ["wsgi.input"], int(environ.get("CONTENT_LENGTH") or 0)
    if "CONTENT_LENGTH" not in environ and environ.get("wsgi.input_terminated"):
        yield from iter(partial(stream.read, _CHUNK), b"")
        return
    while left > 0 and (piece := stream.read(min(left, _CHUNK))):
        left -= len(piece)
        yield piece
