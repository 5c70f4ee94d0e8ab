"""The state file as SQLite opens it, looked through before anything is written to it."""

import sqlite3
from pathlib import Path
from urllib.parse import quote


class Unusable(Exception):
    """The state file cannot be used; the message names it, the reason and the fix, in one line."""


def connect(path: Path | str) -> sqlite3.Connection:
    """Open the file ``path`` (``":memory:"`` for a test), creating it when it is absent; raises Unusable.

    A file that is damaged is left as it is, with its write-ahead log.
    """
    if str(path) != ":memory:" and Path(path).exists():
        _look_through(Path(path))
    try:
        connection = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        # Enough for a killed process; only a power cut could lose the last commits.
        connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.Error as error:
        raise Unusable(
            f"the state file {path} cannot be used ({error}): mend that, or choose another --data-dir"
        ) from None
    return connection


def _look_through(path: Path) -> None:
    # Read-only: closing another connection would move what the write-ahead log holds into a file that is damaged.
    try:
        connection = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True)
        try:
            # 0.03 s for 100 000 partitions.
            [(found,)] = connection.execute("PRAGMA quick_check(1)").fetchall()
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        raise Unusable(
            f"the state file {path} cannot be read ({error}): mend that, or choose another --data-dir"
        ) from None
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        reason = " ".join(str(found).split())
        raise Unusable(
            f"the state file {path} is damaged ({reason}); nothing in it was changed: put a copy of it back, or move it"
            f" away with {path.name}-wal and {path.name}-shm and begin anew (`glue-local up`, `glue-local provision`)"
        )
