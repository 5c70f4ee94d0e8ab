"""The server of a data directory, seen from outside: its announcement, its lock, its health."""

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

ENDS_WITH_THE_SERVER = (
    "Objects in S3 and stream positions are in memory and end with the server; Glue's own state (SQLite) stays."
)


def announced(data_dir: Path) -> dict[str, Any] | None:
    """Return {"pid", "port"} of the server that runs on ``data_dir``, None when there is none."""
    # A server that was killed leaves its announcement, never its lock.
    if not _locked(data_dir / LOCK_FILE):
        return None
    # The lock holds the same, for when the announcement is damaged.
    return _read(data_dir / PROCESS_FILE) or _read(data_dir / LOCK_FILE)


def _read(file: Path) -> dict[str, Any] | None:
    try:
        told = json.loads(file.read_text())
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) and {"pid", "port"} <= told.keys() else None


def health(port: int, seconds: float = 2.0) -> dict[str, Any] | None:
    """Return what the server on ``port`` says of itself, None when no glue-local answers there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_glue_local/health", timeout=seconds) as response:
            document: dict[str, Any] = json.load(response)
            return document
    except (urllib.error.URLError, OSError, ValueError):
        return None


def stop(data_dir: Path, pid: int, seconds: float = 20.0) -> None:
    """End the server of ``data_dir``: asked first, killed after ``seconds``; its children follow it either way."""
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
