"""The one client of the server's private API (``/_glue_local``)."""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

# The server is on this machine or in the same container network: keep the token away from proxies.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ServerUnreachable(Exception):
    """The server does not respond, or its response is unusable; a retry may succeed."""


class Refused(ServerUnreachable):
    """The server returned an error; ``status`` is the HTTP status."""

    def __init__(self, path: str, status: int, answer: str) -> None:
        super().__init__(f"{path}: {status} {answer}")
        self.status = status


class PrivateApi:
    """Calls the private API of one server; open routes need no token."""

    def __init__(self, endpoint: str, token: str = "", answered: Callable[[], None] = lambda: None) -> None:
        """``answered`` is called after each successful response."""
        self._base, self._token, self._answered = f"{endpoint}/_glue_local", token, answered

    def get(self, path: str, *, timeout: float = 30, **query: str) -> Any:
        """GET; return the answer. Raises ServerUnreachable."""
        return self._call(f"{path}?{urllib.parse.urlencode(query)}" if query else path, None, timeout)

    def post(self, path: str, body: dict[str, Any], *, timeout: float = 10) -> Any:
        """POST; return the response, None if it has no content. Raises ServerUnreachable."""
        return self._call(path, body, timeout)

    def _call(self, path: str, body: dict[str, Any] | None, timeout: float) -> Any:
        request = urllib.request.Request(
            f"{self._base}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )
        try:
            with _DIRECT.open(request, timeout=timeout) as response:
                answer = json.load(response) if response.status == 200 else None
        except urllib.error.HTTPError as error:
            with error:
                text = error.read().decode(errors="replace")
            raise Refused(path, error.code, text) from None
        except (OSError, ValueError) as error:
            raise ServerUnreachable(f"{path}: {error}") from None
        self._answered()
        return answer


def quoted(*parts: str) -> str:
    """Join the parts of a path, and percent-encode each."""
    return "/".join(urllib.parse.quote(part, safe="") for part in parts)
