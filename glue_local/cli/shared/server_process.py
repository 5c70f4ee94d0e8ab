"""Find, query and stop the server process of a data directory."""

import fcntl
import json
import os
import signal
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from glue_local.settings import LOCK_FILE, PROCESS_FILE

IN_MEMORY_NOTE = "S3 objects and stream positions are kept in memory and are lost when the server stops; Glue's state (SQLite) is kept."


def announced(data_dir: Path) -> dict[str, Any] | None:
    """Return {"pid", "port"} of the server running on ``data_dir``, or None."""
    # A killed server leaves its process file behind, but never its lock.
    if not _locked(data_dir / LOCK_FILE):
        return None
    # The lock file holds the same content, in case the process file is damaged.
    return _read(data_dir / PROCESS_FILE) or _read(data_dir / LOCK_FILE)


def _read(file: Path) -> dict[str, Any] | None:
    try:
        document = json.loads(file.read_text())
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) and {"pid", "port"} <= document.keys() else None


def health(port: int, seconds: float = 2.0) -> dict[str, Any] | None:
    """Return the health document of the server on ``port``, or None if no glue-local server responds."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_glue_local/health", timeout=seconds) as response:
            document: dict[str, Any] = json.load(response)
            return document
    except (urllib.error.URLError, OSError, ValueError):
        return None


def stop(data_dir: Path, pid: int, seconds: float = 20.0) -> None:
    """Stop the server of ``data_dir`` with SIGTERM, then SIGKILL after ``seconds``; its children stop with it."""
    os.kill(pid, signal.SIGTERM)
    if not _freed(data_dir / LOCK_FILE, seconds):
        os.kill(pid, signal.SIGKILL)
        _freed(data_dir / LOCK_FILE, 5.0)


def _freed(lock: Path, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while _locked(lock):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def _locked(lock: Path) -> bool:
    try:
        with lock.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
