"""Opening the state file, which is checked for damage before anything is written to it."""

import sqlite3
from pathlib import Path
from urllib.parse import quote


class Unusable(Exception):
    """The state file cannot be used; the message gives the file, the reason and the fix, in one line."""


def connect(path: Path | str) -> sqlite3.Connection:
    """Open the file ``path`` (``":memory:"`` for a test), or create it. Raises Unusable.

    A damaged file and its write-ahead log are not changed.
    """
    if str(path) != ":memory:" and Path(path).exists():
        _check(Path(path))
    try:
        connection = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        # Commits survive a killed process; only a power failure could lose the last ones.
        connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.Error as error:
        raise Unusable(f"cannot use the state file {path} ({error}): fix this, or choose another --data-dir") from None
    return connection


def _check(path: Path) -> None:
    # Read-only: closing a writable connection would merge the write-ahead log into the damaged file.
    try:
        connection = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True)
        try:
            # 0.03 s for 100 000 partitions.
            [(found,)] = connection.execute("PRAGMA quick_check(1)").fetchall()
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        raise Unusable(f"cannot read the state file {path} ({error}): fix this, or choose another --data-dir") from None
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        reason = " ".join(str(found).split())
        raise Unusable(
            f"the state file {path} is damaged ({reason}) and was not changed: restore a backup, or move it away"
            f" with {path.name}-wal and {path.name}-shm and start over (`glue-local up`, `glue-local provision`)"
        )
