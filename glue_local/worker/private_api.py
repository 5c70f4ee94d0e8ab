"""The worker's side of the server's private API."""

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

# The server is on this machine or in this network of containers; no proxy is to see the token.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ClaimLost(Exception):
    """The server does not regard the run as ours any more."""


class ServerUnreachable(Exception):
    """The server does not answer, or not with sense; it may come back."""


class PrivateApi:
    """Calls the private API of one server with this worker's token; each answer makes the file ``in_touch`` new."""

    def __init__(self, endpoint: str, token: str, in_touch: Path) -> None:
        self._base = f"{endpoint}/_glue_local"
        self._token, self._in_touch = token, in_touch

    def claim(self, worker: str, commands: tuple[str, ...], wait: float) -> dict[str, Any] | None:
        """Return a run to execute, or None after ``wait`` seconds without one."""
        body = {"worker": worker, "commands": list(commands), "wait": wait}
        return self._post("runs/claim", body, timeout=wait + 10)

    def started(self, run_id: str, claim: str, hashes: dict[str, str]) -> str:
        """Tell that the script is about to run, and the SHA-256 of what it is; returns the JobRunState."""
        return self._state(f"runs/{run_id}/started", {"claim": claim, "hashes": hashes})

    def heartbeat(self, run_id: str, claim: str) -> str:
        """Tell that the run is alive; returns the JobRunState, STOPPING when it is to end."""
        return self._state(f"runs/{run_id}/heartbeat", {"claim": claim})

    def finished(self, run_id: str, claim: str, state: str, message: str | None, seconds: int) -> None:
        """Tell how the run ended."""
        body = {"claim": claim, "state": state, "error_message": message, "execution_time": seconds}
        self._post(f"runs/{run_id}/finished", body)

    def _state(self, path: str, body: dict[str, Any]) -> str:
        return str((self._post(path, body) or {}).get("JobRunState", ""))

    def _post(self, path: str, body: dict[str, Any], timeout: float = 10) -> dict[str, Any] | None:
        request = urllib.request.Request(
            f"{self._base}/{path}",
            data=json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )
        try:
            with _DIRECT.open(request, timeout=timeout) as response:
                answer: dict[str, Any] | None = json.load(response) if response.status == 200 else None
                self._in_touch.touch()
                return answer
        except urllib.error.HTTPError as error:
            with error:
                text = error.read().decode(errors="replace")
            if error.code in (404, 409):
                raise ClaimLost(text) from None
            raise ServerUnreachable(f"{path}: {error.code} {text}") from None
        except (OSError, ValueError) as error:
            raise ServerUnreachable(f"{path}: {error}") from None
