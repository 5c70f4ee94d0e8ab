"""The file with the private API's token, for workers that the server did not start."""

from collections.abc import Callable
from pathlib import Path

from glue_local.core.files import replace_file


def kept_token(path: Path, new: Callable[[], str]) -> str:
    """Return the token in ``path``; without one, create it with ``new`` and write it there.

    The token survives restarts of the server, so that workers can go on. The file is readable by every user, because
    a worker's container runs as another one: restrict access to its folder instead.
    """
    kept = path.read_text().strip() if path.exists() else ""
    if kept:
        return kept
    token = new()
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, token, mode=0o644)
    return token
