"""The token of the private API, kept in a file for workers that the server did not start."""

import os
from collections.abc import Callable
from pathlib import Path


def kept_token(path: Path, new: Callable[[], str]) -> str:
    """Return the token in ``path``, made by ``new`` and written there if there is none yet.

    It stays the same over restarts, so that workers need not notice one. Any user may read the file, as a worker's
    container has another; who comes to see it is decided by who is given the folder.
    """
    kept = path.read_text().strip() if path.exists() else ""
    if kept:
        return kept
    token = new()
    path.parent.mkdir(parents=True, exist_ok=True)
    # Renamed into place: a worker that waits for it never reads half of it.
    draft = path.with_name(f"{path.name}.draft")
    draft.write_text(token)
    draft.chmod(0o644)
    os.replace(draft, path)
    return token
