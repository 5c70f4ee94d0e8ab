"""The data directory of a server: one server uses it at a time, and says in it where it listens."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from glue_local.core.files import replace_file
from glue_local.settings import LOCK_FILE, PROCESS_FILE


class StartupError(Exception):
    """The server cannot start; the message names the reason and the fix, in one line."""


@contextmanager
def only_owner_of(data_dir: Path) -> Iterator[None]:
    """Create and lock a data directory. Raises StartupError if it cannot be used or another server uses it."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        # Not "w": that would truncate the lock file of a running server.
        opened = (data_dir / LOCK_FILE).open("a")
    except OSError as error:
        raise StartupError(
            f"cannot use the data directory {data_dir} ({os.strerror(error.errno or 0)}): choose another with --data-dir"
        ) from None
    with opened as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartupError(
                f"another server is already using the data directory {data_dir}:"
                " stop it with `glue-local down`, or choose another with --data-dir"
            ) from None
        yield


@contextmanager
def announced(data_dir: Path, port: int) -> Iterator[None]:
    """Write the process id and port for `glue-local down` and `status`."""
    announcement: Path = data_dir / PROCESS_FILE
    text = json.dumps({"pid": os.getpid(), "port": port})
    # Twice, so that `glue-local down` finds the server even when one of the files is damaged.
    (data_dir / LOCK_FILE).write_text(text)
    replace_file(announcement, text)
    try:
        yield
    finally:
        announcement.unlink(missing_ok=True)
