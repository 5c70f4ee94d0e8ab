"""The routes of the private API, read top to bottom: method, path, handler, whether a run's token suffices."""

from collections.abc import Callable
from typing import Any, NamedTuple

from glue_local.private import bookmarks, calls, deliveries, executed, runs

Handler = Callable[..., dict[str, Any] | None]


class Route(NamedTuple):
    """One route; ``path`` is a werkzeug rule under ``/_glue_local``."""

    method: str
    path: str
    handler: Handler
    for_runs: bool = False


ROUTES: tuple[Route, ...] = (
    Route("POST", "/runs/claim", runs.claim),
    Route("POST", "/runs/<run_id>/started", runs.started),
    Route("POST", "/runs/<run_id>/heartbeat", runs.heartbeat),
    Route("POST", "/runs/<run_id>/finished", runs.finished),
    Route("GET", "/runs/<run_id>/bookmark", bookmarks.read, for_runs=True),
    Route("PUT", "/runs/<run_id>/bookmark", bookmarks.commit, for_runs=True),
    # Open, as /health is: it tells a person's commands of hashes, and changes nothing.
    Route("GET", "/executed/<sha256>", executed.runs_of, for_runs=True),
    Route("GET", "/calls/<job>", calls.calls_of_job, for_runs=True),
    Route("GET", "/delivery/streams", deliveries.streams),
    Route("POST", "/delivery/streams/<account>/<region>/<name>/checkpoint", deliveries.checkpoint),
    Route("POST", "/delivery/streams/<account>/<region>/<name>/trouble", deliveries.trouble),
    Route("GET", "/delivery/streams/<account>/<region>/<name>/records", deliveries.put_records),
)
