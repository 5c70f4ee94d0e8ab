"""The delivery process's client of the private API: streams, checkpoints, direct puts."""

from typing import Any

from glue_local.core.private_api import PrivateApi, quoted

_STREAMS = "delivery/streams"


class StreamsApi:
    """Gets streams and records from the server and reports deliveries. Raises ServerUnreachable."""

    def __init__(self, endpoint: str, token: str) -> None:
        self._api = PrivateApi(endpoint, token)

    def streams(self) -> list[dict[str, Any]]:
        """Return all delivery streams with their checkpoints."""
        return list(self._api.get(_STREAMS)["Streams"])

    def checkpoint(self, stream: dict[str, Any], body: dict[str, Any]) -> None:
        """Report how far a stream has been delivered to S3."""
        self._api.post(f"{_path(stream)}/checkpoint", body, timeout=30)

    def trouble(self, stream: dict[str, Any], trouble: str) -> None:
        """Report the error that keeps a stream from being delivered; an empty text clears it."""
        self._api.post(f"{_path(stream)}/trouble", {"trouble": trouble}, timeout=30)

    def put_records(self, stream: dict[str, Any], after: str) -> list[dict[str, Any]]:
        """Return undelivered direct puts after an id."""
        return list(self._api.get(f"{_path(stream)}/records", after=after)["Records"])


def _path(stream: dict[str, Any]) -> str:
    return f"{_STREAMS}/{quoted(*(stream[part] for part in ('account', 'region', 'name')))}"
