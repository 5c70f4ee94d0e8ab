"""The worker's client for ``glue_local.work``: claims any kind of work through the private API."""

from typing import Any

from glue_local.core.private_api import PrivateApi, Refused

_NOT_OURS = (404, 409)
_LONGEST_ANSWER = 10.0  # seconds


class ClaimLost(Exception):
    """The work is no longer assigned to this worker."""


class ClaimsApi:
    """Calls the routes of one kind of work, such as ``runs``."""

    def __init__(self, api: PrivateApi, routes: str) -> None:
        self._api, self._routes = api, routes

    def claim(self, worker: str, wait: float, **more: Any) -> dict[str, Any] | None:
        """Return a piece of work, or None if there was none for ``wait`` seconds. Raises ServerUnreachable."""
        body = {"worker": worker, "wait": wait, **more}
        claimed: dict[str, Any] | None = self._api.post(f"{self._routes}/claim", body, timeout=wait + _LONGEST_ANSWER)
        return claimed

    def report(self, work_id: str, what: str, claim: str, **more: Any) -> dict[str, Any]:
        """Report claimed work as ``started``, alive (``heartbeat``) or ``finished``; return the answer.

        Raises ClaimLost and ServerUnreachable.
        """
        try:
            return self._api.post(f"{self._routes}/{work_id}/{what}", {"claim": claim, **more}) or {}
        except Refused as refusal:
            if refusal.status in _NOT_OURS:
                raise ClaimLost(str(refusal)) from None
            raise
