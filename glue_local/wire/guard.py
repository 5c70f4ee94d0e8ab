"""Who may talk to the endpoint: programs on this machine, not web pages in its browser."""

import json
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from glue_local.core.wsgi import WsgiApplication

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def is_local(name: str, allowed: Collection[str] = ()) -> bool:
    """Tell whether a host name means this machine (``bucket.localhost`` too: S3's virtual hosts) or is allowed."""
    return name in _LOOPBACK or name.endswith(".localhost") or name in allowed


def refuse_foreign(
    application: WsgiApplication, allowed: Collection[str] = (), origins: Collection[str] = ()
) -> WsgiApplication:
    """Answer 403 to a request with a foreign ``Host`` (DNS rebinding) or ``Origin`` (a page served elsewhere).

    The endpoint runs code, so no web page must reach it through its reader's browser: not of another site, and not
    of another program of this machine, whose page has another port. Pages of the endpoint itself and those of
    ``origins`` (``http://localhost:3000``) may, and the latter are let read the answers.
    """

    def guarded(environ: dict[str, Any], start_response: Any) -> Any:
        host, origin = environ.get("HTTP_HOST", "localhost"), environ.get("HTTP_ORIGIN")
        if not is_local(_host_name("//" + host), allowed):
            return _forbid(start_response, f"Host is {host!r}: GLUE_LOCAL_ALLOWED_HOSTS adds hosts")
        if origin is None or _is_own(origin, host):
            return application(environ, start_response)
        if origin.lower() not in origins:
            return _forbid(
                start_response, f"Origin is {origin!r}, a web page's: GLUE_LOCAL_ALLOWED_ORIGINS adds origins"
            )
        return application(environ, _readable_by(origin, start_response))

    return guarded


def _is_own(origin: str, host: str) -> bool:
    # Only http(s): "null" and a browser extension's have a scheme of their own, or none.
    scheme, _, rest = origin.lower().partition("://")
    return scheme in ("http", "https") and rest == host.lower()


def _readable_by(origin: str, start_response: Any) -> Any:
    """Return a ``start_response`` that says so to the browser, where the answer does not yet (moto's do)."""

    def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        if "access-control-allow-origin" not in (name.lower() for name, _ in headers):
            headers = [*headers, ("Access-Control-Allow-Origin", origin), ("Vary", "Origin")]
        return start_response(status, headers, *rest)

    return started


def _host_name(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _forbid(start_response: Any, reason: str) -> list[bytes]:
    message = f"glue-local answers this machine's programs only, and {reason}."
    body = json.dumps({"__type": "AccessDeniedException", "message": message}).encode()
    start_response("403 FORBIDDEN", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
