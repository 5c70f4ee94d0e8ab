"""Count the S3 requests of job runs and queries by kind, and the bytes that they read and write."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from werkzeug.datastructures import Headers

from glue_local.core.wsgi import CALLER, WsgiApplication
from glue_local.recorded_calls.call import SENDER

# The application id that SDKs put into the User-Agent: Trino's own clients send "Trino".
_APPLICATION = re.compile(r"\bapp/([\w.$-]+)")
_LENGTHS = ("HTTP_X_AMZ_DECODED_CONTENT_LENGTH", "CONTENT_LENGTH")


class S3Request(NamedTuple):
    """An S3 request that has been answered."""

    sender: str
    """The id of a job run as its clients send it, another client's application id, or an empty string."""
    kind: str
    """PUT, COPY, POST, LIST, GET, HEAD or DELETE, as in S3's price list."""
    written: int
    """The number of object bytes that the request stored."""
    read: int
    """The number of object bytes in the response."""


def count_s3_requests(application: WsgiApplication, note: Callable[[S3Request], None]) -> WsgiApplication:
    """Call ``note`` with every S3 request once it has been answered."""

    def counting(environ: dict[str, Any], start_response: Any) -> Any:
        if CALLER not in environ or environ[CALLER].signed_service != "s3":
            return application(environ, start_response)
        sender, kind = _sender(environ), _kind(environ)
        written = _length(environ) if kind == "PUT" else 0

        def answered(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            stored = status.startswith("2")
            read = int(Headers(headers).get("Content-Length", 0)) if kind == "GET" and stored else 0
            note(S3Request(sender, kind, written if stored else 0, read))
            return start_response(status, headers, *more)

        return application(environ, answered)

    return counting


def _sender(environ: dict[str, Any]) -> str:
    agent = environ.get("HTTP_USER_AGENT", "")
    run, application = SENDER.search(agent), _APPLICATION.search(agent)
    return run[0] if run else application[1] if application else ""


def _kind(environ: dict[str, Any]) -> str:
    method = str(environ["REQUEST_METHOD"])
    key = environ.get("PATH_INFO", "").lstrip("/").partition("/")[2]
    if method == "POST" and "delete" in environ.get("QUERY_STRING", "").split("&"):
        return "DELETE"
    if method == "PUT" and "HTTP_X_AMZ_COPY_SOURCE" in environ:
        return "COPY"
    return "LIST" if method == "GET" and not key else method


def _length(environ: dict[str, Any]) -> int:
    # A body that an SDK signs in chunks has more bytes than the object.
    text = next((environ[name] for name in _LENGTHS if environ.get(name)), "0")
    # The backend refuses the request if the length is not a number.
    return int(text) if text.isascii() and text.isdecimal() else 0
