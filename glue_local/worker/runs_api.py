"""The worker's client for the runs it claims, at the server's private API."""

from pathlib import Path
from typing import Any

from glue_local.children.claims_api import ClaimsApi
from glue_local.core.private_api import PrivateApi


class RunsApi:
    """Claims runs and reports on them; each answer touches the file ``in_touch``. Raises ServerUnreachable."""

    def __init__(self, endpoint: str, token: str, in_touch: Path) -> None:
        self._claims = ClaimsApi(PrivateApi(endpoint, token, in_touch.touch), "runs")

    def claim(self, worker: str, commands: tuple[str, ...], wait: float) -> dict[str, Any] | None:
        """Return a run to execute, or None after ``wait`` seconds without one."""
        return self._claims.claim(worker, wait, commands=list(commands))

    def started(self, run_id: str, claim: str, hashes: dict[str, str]) -> str:
        """Report that the script is about to run, with the SHA-256 of its files; returns the JobRunState. Raises ClaimLost."""
        return self._state(self._claims.report(run_id, "started", claim, hashes=hashes))

    def heartbeat(self, run_id: str, claim: str) -> str:
        """Report that the run is alive; returns the JobRunState, which is STOPPING when it must stop. Raises ClaimLost."""
        return self._state(self._claims.report(run_id, "heartbeat", claim))

    def finished(self, run_id: str, claim: str, state: str, message: str | None, seconds: int) -> None:
        """Report how the run ended. Raises ClaimLost."""
        self._claims.report(run_id, "finished", claim, state=state, error_message=message, execution_time=seconds)

    def _state(self, answer: dict[str, Any]) -> str:
        return str(answer.get("JobRunState", ""))
