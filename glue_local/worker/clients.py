"""The worker's own AWS clients, each created once: creating one takes longer than a run should take to start."""

import threading
from typing import Any

import boto3

# The default account and region.
_FIRST = ("000000000000", "us-east-1")


class Clients:
    """Clients of one endpoint, by service, account and region; safe to use from several threads."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        # Threads may share clients, but not a session.
        self._session, self._lock = boto3.session.Session(), threading.Lock()
        self._clients: dict[tuple[str, str, str], Any] = {}

    def make_ready(self) -> None:
        """Create the clients that the first run will most likely need."""
        for service in ("s3", "logs"):
            self.client(service, *_FIRST)

    def client(self, service: str, account: str, region: str) -> Any:
        """Return the client of a service as an account and in a region."""
        key = (service, account, region)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._session.client(
                    service,
                    endpoint_url=self._endpoint,
                    region_name=region,
                    aws_access_key_id=account,
                    aws_secret_access_key="test",
                )
            return self._clients[key]
