"""Documents by kind and key, scoped to an account and a region, in SQLite."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from glue_local.store import partition_values, run_order
from glue_local.store.conditions import Condition
from glue_local.store.state_file import connect

Document = dict[str, Any]
Key = tuple[str, ...]

# Sorts below every character AWS allows in a name, so that a prefix scan is one range of the index.
_SEPARATOR = "\x1f"
_AFTER_SEPARATOR = "\x20"

_MOST_PARAMETERS = 500  # old versions of SQLite allow 999 in a statement

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    account TEXT NOT NULL, region TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
    state TEXT, document TEXT NOT NULL,
    PRIMARY KEY (account, region, kind, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS documents_by_state ON documents (kind, state) WHERE state IS NOT NULL;
"""

# State files of older versions call the column ``mark``.
_RENAME_MARK = """
DROP INDEX IF EXISTS documents_by_mark;
ALTER TABLE documents RENAME COLUMN mark TO state;
"""


def _join(key: Sequence[str]) -> str:
    return _SEPARATOR.join(key)


def order(key: Key) -> str:
    """Return the text by which keys are sorted."""
    return _join(key)


def _split(key: str) -> Key:
    return tuple(key.split(_SEPARATOR))


def _and(condition: Condition | None) -> tuple[str, tuple[Any, ...]]:
    return (f" AND ({condition.sql})", condition.parameters) if condition else ("", ())


class Store:
    """The only owner of the state file; thread-safe, for use by one process.

    Writes survive a killed process: SQLite's write-ahead log has them when a call returns.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self._depth = 0
        self._state_written = threading.Condition()
        self._state_changes = 0
        self._on_state_change: list[Callable[[], None]] = []
        if "mark" in [name for _, name, *_ in self.execute("PRAGMA table_info(documents)")]:
            self.define(_RENAME_MARK)
        self.define(_SCHEMA)
        self.define(partition_values.SCHEMA)
        self.define(run_order.SCHEMA)

    @classmethod
    def open(cls, path: Path | str) -> "Store":
        """Open the store in the file ``path`` (``":memory:"`` for a test), or create it. Raises Unusable."""
        return cls(connect(path))

    def close(self) -> None:
        """Close the file; further calls fail."""
        with self._lock:
            self._connection.close()

    def define(self, schema: str) -> None:
        """Create tables, indexes and triggers (``CREATE … IF NOT EXISTS …``)."""
        with self._lock:
            self._connection.executescript(schema)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        with self._lock:
            return self._connection.execute(sql, parameters).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the block one atomic change; an exception rolls it back. Nested transactions join the outer one."""
        with self._lock:
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._connection.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                try:
                    self._connection.execute("COMMIT")
                except BaseException:  # such as a full disk: do not leave the transaction open
                    self._connection.execute("ROLLBACK")
                    raise

    @property
    def state_changes(self) -> int:
        """How many documents have been written with a state."""
        return self._state_changes

    def await_state_change(self, seen: int, timeout: float) -> None:
        """Wait, for at most ``timeout`` seconds, until ``state_changes`` is no longer ``seen``."""
        with self._state_written:
            self._state_written.wait_for(lambda: self._state_changes != seen, timeout)

    def announce_state_change(self) -> None:
        """Wake all waiters of ``await_state_change``; their next read blocks until the writer commits."""
        with self._state_written:
            self._state_changes += 1
            self._state_written.notify_all()
        for call in self._on_state_change:
            call()

    def on_state_change(self, call: Callable[[], None]) -> None:
        """Call ``call`` after each write of a document with a state, in the writer's thread. It must not use the store."""
        self._on_state_change.append(call)

    def reset(self) -> None:
        """Delete all documents, as moto's ``/moto-api/reset`` does."""
        with self.transaction():
            for (name,) in self.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
                self.execute(f'DELETE FROM "{name}"')

    def forget(self, account: str) -> None:
        """Delete all documents of an account, in all regions."""
        self.execute("DELETE FROM documents WHERE account = ?", (account,))

    def scope(self, account: str, region: str) -> "Documents":
        """Return the documents of one account in one region."""
        return Documents(self, account, region)

    def in_state(self, kind: str, state: str) -> list[tuple[str, str, Key, Document]]:
        """Return ``(account, region, key, document)`` of all documents of a kind in a state, in all scopes."""
        rows = self.execute(
            "SELECT account, region, key, document FROM documents WHERE kind = ? AND state = ? ORDER BY key",
            (kind, state),
        )
        return [(account, region, _split(key), json.loads(text)) for account, region, key, text in rows]

    def up_to_state(self, kind: str, state: str) -> list[tuple[str, str, Key, Document]]:
        """Return the documents of a kind whose state sorts up to ``state``, in the order of their states, in all scopes."""
        rows = self.execute(
            "SELECT account, region, key, document FROM documents WHERE kind = ? AND state <= ? ORDER BY state, key",
            (kind, state),
        )
        return [(account, region, _split(key), json.loads(text)) for account, region, key, text in rows]

    def first_state(self, kind: str) -> str | None:
        """Return the state of a kind's documents that sorts first, None if there is none."""
        rows = self.execute("SELECT min(state) FROM documents WHERE kind = ? AND state IS NOT NULL", (kind,))
        return rows[0][0] if rows else None

    def everywhere(self, kind: str) -> list[tuple[str, str, Key, Document]]:
        """Return ``(account, region, key, document)`` of all documents of a kind, in all scopes."""
        rows = self.execute("SELECT account, region, key, document FROM documents WHERE kind = ?", (kind,))
        return [(account, region, _split(key), json.loads(text)) for account, region, key, text in rows]


class Documents:
    """The documents of one account and region: plain dictionaries in the shape AWS returns.

    Timestamps are epoch seconds, as in AWS's JSON protocols.
    """

    def __init__(self, store: Store, account: str, region: str) -> None:
        self._store = store
        self._scope = (account, region)

    @property
    def account(self) -> str:
        """The account of the documents."""
        return self._scope[0]

    def transaction(self) -> Any:
        """Make the block one atomic change (see ``Store.transaction``)."""
        return self._store.transaction()

    def read(self, kind: str, *key: str) -> Document | None:
        """Return the document, or None if it does not exist."""
        rows = self._store.execute(
            "SELECT document FROM documents WHERE account = ? AND region = ? AND kind = ? AND key = ?",
            (*self._scope, kind, _join(key)),
        )
        return json.loads(rows[0][0]) if rows else None

    def state(self, kind: str, *key: str) -> str | None:
        """Return the state of a document, or None if it has no state or does not exist."""
        rows = self._store.execute(
            "SELECT state FROM documents WHERE account = ? AND region = ? AND kind = ? AND key = ?",
            (*self._scope, kind, _join(key)),
        )
        return rows[0][0] if rows else None

    def write(self, kind: str, *key: str, doc: Document, state: str | None = None) -> None:
        """Store the document; it replaces one with the same key."""
        self._store.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (account, region, kind, key)"
            " DO UPDATE SET state = excluded.state, document = excluded.document",
            (*self._scope, kind, _join(key), state, json.dumps(doc)),
        )
        if state is not None:
            self._store.announce_state_change()

    def insert(self, kind: str, *key: str, doc: Document, state: str | None = None) -> bool:
        """Store the document unless its key exists; return whether it was stored."""
        rows = self._store.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1",
            (*self._scope, kind, _join(key), state, json.dumps(doc)),
        )
        if rows and state is not None:
            self._store.announce_state_change()
        return bool(rows)

    def remove(self, kind: str, *key: str) -> bool:
        """Delete the document; return whether it existed."""
        rows = self._store.execute(
            "DELETE FROM documents WHERE account = ? AND region = ? AND kind = ? AND key = ? RETURNING 1",
            (*self._scope, kind, _join(key)),
        )
        return bool(rows)

    def scan(
        self,
        kind: str,
        *prefix: str,
        after: Key | None = None,
        limit: int | None = None,
        condition: Condition | None = None,
    ) -> list[tuple[Key, Document]]:
        """Return up to ``limit`` documents whose key starts with ``prefix`` and comes after ``after``, in key order.

        With ``condition``, returns only those that meet it.
        """
        rows = self._rows("key, document", kind, prefix, after, limit, condition)
        return [(_split(key), json.loads(text)) for key, text in rows]

    def in_state(self, kind: str, state: str, *prefix: str) -> list[Document]:
        """Return the documents in a state whose key starts with ``prefix``, in key order. Reads no others."""
        where, parameters = self._under(kind, prefix)
        rows = self._store.execute(
            f"SELECT document FROM documents INDEXED BY documents_by_state WHERE state = ? AND {where} ORDER BY key",
            [state, *parameters],
        )
        return [json.loads(text) for (text,) in rows]

    def count_in_state(self, kind: str, state: str, *prefix: str) -> int:
        """Count the documents in a state whose key starts with ``prefix``, in the index alone."""
        where, parameters = self._under(kind, prefix)
        sql = f"SELECT count(*) FROM documents INDEXED BY documents_by_state WHERE state = ? AND {where}"
        return int(self._store.execute(sql, [state, *parameters])[0][0])

    def latest(
        self,
        kind: str,
        parent: str,
        before: tuple[float, str] | None = None,
        limit: int | None = None,
        condition: Condition | None = None,
    ) -> list[Document]:
        """Return up to ``limit`` runs of a job, workflow or crawler, the latest first.

        ``before`` is the start time and id of a run: only those that come after it in this order are returned. With
        ``condition``, returns only those that meet it.
        """
        started, key = (float("inf"), "") if before is None else (before[0], _join((parent, before[1])))
        order = run_order.BY_KIND[kind]
        more, parameters = _and(condition)
        rows = self._store.execute(
            f"SELECT document FROM documents INDEXED BY {order.name} WHERE account = ? AND region = ? AND kind = ?"
            f" AND {order.condition} AND {run_order.PARENT} = ?"
            f" AND {order.started} <= ? AND ({order.started} < ? OR key < ?){more}"
            f" ORDER BY {order.started} DESC, key DESC LIMIT ?",
            [*self._scope, kind, parent, started, started, key, *parameters, -1 if limit is None else limit],
        )
        return [json.loads(text) for (text,) in rows]

    def keys(
        self,
        kind: str,
        *prefix: str,
        after: Key | None = None,
        limit: int | None = None,
        condition: Condition | None = None,
    ) -> list[Key]:
        """Return the keys of the documents that ``scan`` returns; the documents are not read."""
        return [_split(key) for (key,) in self._rows("key", kind, prefix, after, limit, condition)]

    def partition_keys(self, *prefix: str, condition: str, parameters: Sequence[Any]) -> list[Key]:
        """Return the keys of partitions under ``prefix`` (database, table …) that match an SQL condition, in order.

        ``condition`` uses the columns of ``partition_values``; ``parameters`` are the values of its ``?``.
        """
        where, under = self._range(prefix)
        rows = self._store.execute(
            f"SELECT key FROM partition_values WHERE account = ? AND region = ?{where} AND ({condition}) ORDER BY key",
            [*self._scope, *under, *parameters],
        )
        return [_split(key) for (key,) in rows]

    def read_all(self, kind: str, keys: Sequence[Key]) -> list[Document]:
        """Return the documents with these keys, in this order; keys without a document are skipped."""
        found: dict[str, str] = {}
        for start in range(0, len(keys), _MOST_PARAMETERS):
            some = [_join(key) for key in keys[start : start + _MOST_PARAMETERS]]
            found |= self._store.execute(
                "SELECT key, document FROM documents WHERE account = ? AND region = ? AND kind = ?"
                f" AND key IN ({', '.join('?' * len(some))})",
                [*self._scope, kind, *some],
            )
        return [json.loads(found[text]) for key in keys if (text := _join(key)) in found]

    def count(self, kind: str, *prefix: str) -> int:
        """Count the documents whose key starts with ``prefix``."""
        where, parameters = self._under(kind, prefix)
        return int(self._store.execute(f"SELECT count(*) FROM documents WHERE {where}", parameters)[0][0])

    def remove_under(self, kind: str, *prefix: str) -> int:
        """Delete the documents whose key starts with ``prefix``; return how many."""
        where, parameters = self._under(kind, prefix)
        return len(self._store.execute(f"DELETE FROM documents WHERE {where} RETURNING 1", parameters))

    def _rows(
        self,
        columns: str,
        kind: str,
        prefix: Sequence[str],
        after: Key | None,
        limit: int | None,
        condition: Condition | None,
    ) -> list[tuple[Any, ...]]:
        where, parameters = self._under(kind, prefix)
        if after is not None:
            where, parameters = f"{where} AND key > ?", [*parameters, _join(after)]
        more, values = _and(condition)
        sql = f"SELECT {columns} FROM documents WHERE {where}{more} ORDER BY key LIMIT ?"
        return self._store.execute(sql, [*parameters, *values, -1 if limit is None else limit])

    def _under(self, kind: str, prefix: Sequence[str]) -> tuple[str, list[str]]:
        where, parameters = self._range(prefix)
        return f"account = ? AND region = ? AND kind = ?{where}", [*self._scope, kind, *parameters]

    def _range(self, prefix: Sequence[str]) -> tuple[str, list[str]]:
        if not prefix:
            return "", []
        return " AND key >= ? AND key < ?", [_join(prefix) + _SEPARATOR, _join(prefix) + _AFTER_SEPARATOR]
