"""Access control of the endpoint: local programs may call it, web pages in a browser may not."""

import json
import re
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from glue_local.core.wsgi import WsgiApplication

# A host name or address and a port, without user name or path.
_HOST = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d+)?", re.ASCII)
# "same-site" is another port of this machine; "none" is a direct visit: the address bar or a bookmark.
_OTHER_SITES = ("cross-site", "same-site")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def is_local(name: str, allowed: Collection[str] = ()) -> bool:
    """Tell whether a host name means this machine (``bucket.localhost`` too: S3's virtual hosts) or is allowed."""
    return name in _LOOPBACK or name.endswith(".localhost") or name in allowed


def refuse_foreign(
    application: WsgiApplication, allowed: Collection[str] = (), origins: Collection[str] = ()
) -> WsgiApplication:
    """Answer 403 to a request with a foreign ``Host`` (DNS rebinding), ``Origin`` or ``Sec-Fetch-Site`` (a page served elsewhere).

    The endpoint runs code, so a web page must not reach it through a browser, neither from another site nor from
    another port of this machine. Pages of the endpoint itself and of ``origins`` (``http://localhost:3000``) may
    call it; CORS headers let ``origins`` read the responses.
    """

    def guarded(environ: dict[str, Any], start_response: Any) -> Any:
        host, origin = environ.get("HTTP_HOST", "localhost"), environ.get("HTTP_ORIGIN")
        if not is_local(_host_name(host), allowed):
            return _forbid(
                start_response, f"the Host header is {host!r}. To allow it, add it to GLUE_LOCAL_ALLOWED_HOSTS"
            )
        if origin is None and environ.get("HTTP_SEC_FETCH_SITE", "").lower() in _OTHER_SITES:
            # A browser sends no Origin for images, scripts and forms that a page loads from the endpoint.
            return _forbid(
                start_response, "the Sec-Fetch-Site header says that a page of another site sent the request"
            )
        if origin is None or _is_own(origin, host):
            return application(environ, start_response)
        if origin.lower() not in origins:
            return _forbid(
                start_response, f"the Origin header is {origin!r}. To allow it, add it to GLUE_LOCAL_ALLOWED_ORIGINS"
            )
        return application(environ, _readable_by(origin, start_response))

    return guarded


def _is_own(origin: str, host: str) -> bool:
    # Only http(s): "null" has no scheme, and a browser extension has another one.
    scheme, _, rest = origin.lower().partition("://")
    return scheme in ("http", "https") and rest == host.lower()


def _readable_by(origin: str, start_response: Any) -> Any:
    """Return a ``start_response`` that adds CORS headers if the response has none (moto's responses do)."""

    def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        if "access-control-allow-origin" not in (name.lower() for name, _ in headers):
            headers = [*headers, ("Access-Control-Allow-Origin", origin), ("Vary", "Origin")]
        return start_response(status, headers, *rest)

    return started


def _host_name(host: str) -> str:
    if not _HOST.fullmatch(host):
        return ""
    try:
        return (urlsplit("//" + host).hostname or "").lower()
    except ValueError:
        return ""


def _forbid(start_response: Any, reason: str) -> list[bytes]:
    message = f"glue-local only answers programs on this machine, and {reason}."
    body = json.dumps({"__type": "AccessDeniedException", "message": message}).encode()
    start_response("403 FORBIDDEN", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
