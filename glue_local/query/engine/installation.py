"""Install the engine: fetch it, and start it once so that later starts are fast."""

import tempfile
from pathlib import Path

from glue_local.prerequisites import Unmet, trino
from glue_local.prerequisites.central import Say
from glue_local.query.engine.process import AOT_CACHE, EngineDied
from glue_local.query.engine.training import train
from glue_local.query.failure import QueryFailed


def install(cache: Path, say: Say) -> Path:
    """Fetch the engine if it is missing and create Java's ahead-of-time cache. Returns the folder; raises Unmet."""
    kept = trino.install(cache, say)
    if not (kept / AOT_CACHE).exists():
        say("starting Trino once to create Java's ahead-of-time cache (half a minute)")
        with tempfile.TemporaryDirectory(prefix="glue-local-trino-") as scratch:
            try:
                train(kept, Path(scratch) / "home")
            except (EngineDied, QueryFailed, OSError) as problem:
                raise Unmet(f"Athena's engine does not start: {problem}") from None
    return kept


def check(cache: Path) -> str:
    """Describe the installed engine; raises Unmet if it is not installed."""
    kept = trino.check(cache)
    note = "" if (kept / AOT_CACHE).exists() else f" (starts slowly: {trino.FIX})"
    return f"Trino {trino.VERSION}, {kept}{note}"
