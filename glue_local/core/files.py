"""Writing a file atomically."""

import os
from pathlib import Path


def replace_file(path: Path, content: str | bytes, mode: int | None = None) -> None:
    """Write or replace a file atomically: readers never see a partial file.

    ``mode`` sets its permissions; the default follows the process's umask.
    """
    draft = path.with_name(f".{path.name}.draft")
    if mode is not None:
        draft.touch(mode)  # before the content, which may be secret
    draft.write_bytes(content if isinstance(content, bytes) else content.encode())
    if mode is not None:
        draft.chmod(mode)
    os.replace(draft, path)
