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


def refuse_foreign(application: WsgiApplication, allowed: Collection[str] = ()) -> WsgiApplication:
    """Answer 403 to a request with a foreign ``Host`` (DNS rebinding) or ``Origin`` (a page of another site).

    The endpoint runs code, so a web page must not be able to reach it through its reader's browser.
    """

    def guarded(environ: dict[str, Any], start_response: Any) -> Any:
        for header, url in (
            ("Host", "//" + environ.get("HTTP_HOST", "localhost")),
            ("Origin", environ.get("HTTP_ORIGIN", "//localhost")),
        ):
            if not is_local(_host_name(url), allowed):
                return _forbid(start_response, header, url.removeprefix("//"))
        return application(environ, start_response)

    return guarded


def _host_name(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _forbid(start_response: Any, header: str, value: str) -> list[bytes]:
    message = f"glue-local answers this machine only, and {header} is {value!r}. GLUE_LOCAL_ALLOWED_HOSTS adds hosts."
    body = json.dumps({"__type": "AccessDeniedException", "message": message}).encode()
    start_response("403 FORBIDDEN", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
