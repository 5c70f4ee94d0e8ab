"""The delivery process's side of the server's private API."""

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any


class Trouble(Exception):
    """The server does not answer, or refuses."""


class PrivateApi:
    """Calls one server's private API with its token."""

    def __init__(self, endpoint: str, token: str) -> None:
        self._base, self._token = f"{endpoint}/_glue_local/delivery/streams", token

    def streams(self) -> list[dict[str, Any]]:
        """Return what there is to deliver, with its checkpoint."""
        return list(self._call("", None)["Streams"])

    def checkpoint(self, stream: dict[str, Any], body: dict[str, Any]) -> None:
        """Note what of a stream is in S3."""
        self._call(f"/{_path(stream)}/checkpoint", body)

    def trouble(self, stream: dict[str, Any], trouble: str) -> None:
        """Tell what keeps a stream from being delivered; empty: nothing any more."""
        self._call(f"/{_path(stream)}/trouble", {"trouble": trouble})

    def put_records(self, stream: dict[str, Any], after: str) -> list[dict[str, Any]]:
        """Return direct puts that are not delivered."""
        query = urllib.parse.urlencode({"after": after})
        return list(self._call(f"/{_path(stream)}/records?{query}", None)["Records"])

    def _call(self, path: str, body: dict[str, Any] | None) -> Any:
        request = urllib.request.Request(
            self._base + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                raise Trouble(f"{path}: {error.code} {error.read().decode(errors='replace')}") from None
        except (OSError, ValueError) as error:
            raise Trouble(f"{path}: {error}") from None


def _path(stream: dict[str, Any]) -> str:
    return "/".join(urllib.parse.quote(stream[part], safe="") for part in ("account", "region", "name"))
