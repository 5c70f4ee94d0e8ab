"""The routes of the private API."""

from collections.abc import Callable
from typing import Any, NamedTuple

from glue_local.worker_api import bookmarks, calls, deliveries, executed_scripts, queries, runs

Handler = Callable[..., dict[str, Any] | None]


class Route(NamedTuple):
    """One route; ``path`` is a werkzeug rule under ``/_glue_local``."""

    method: str
    path: str
    handler: Handler
    open: bool = False
    """Whether it works without the server's token. The handler may ask for a run's own token."""


ROUTES: tuple[Route, ...] = (
    Route("POST", "/runs/claim", runs.claim),
    Route("POST", "/runs/<run_id>/started", runs.started),
    Route("POST", "/runs/<run_id>/heartbeat", runs.heartbeat),
    Route("POST", "/runs/<run_id>/finished", runs.finished),
    Route("POST", "/queries/claim", queries.claim),
    Route("POST", "/queries/<query_id>/started", queries.started),
    Route("POST", "/queries/<query_id>/heartbeat", queries.heartbeat),
    Route("POST", "/queries/<query_id>/finished", queries.finished),
    Route("GET", "/runs/<run_id>/bookmark", bookmarks.read, open=True),
    Route("PUT", "/runs/<run_id>/bookmark", bookmarks.commit, open=True),
    # Read-only, for the user's own commands, as /health is.
    Route("GET", "/executed/<sha256>", executed_scripts.runs_of, open=True),
    Route("GET", "/calls/<job>", calls.calls_of_job, open=True),
    Route("GET", "/delivery/streams", deliveries.streams),
    Route("POST", "/delivery/streams/<account>/<region>/<name>/checkpoint", deliveries.checkpoint),
    Route("POST", "/delivery/streams/<account>/<region>/<name>/trouble", deliveries.trouble),
    Route("GET", "/delivery/streams/<account>/<region>/<name>/records", deliveries.put_records),
)
