"""Documents by kind and key, scoped to an account and a region, in SQLite."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from glue_local.store import partition_values
from glue_local.store.state_file import connect

Document = dict[str, Any]
Key = tuple[str, ...]

# Sorts below every character AWS allows in a name, so that a prefix scan is one range of the index.
_SEPARATOR = "\x1f"
_AFTER_SEPARATOR = "\x20"

_MOST_PARAMETERS = 500  # SQLite's oldest limit is 999 in a statement

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    account TEXT NOT NULL, region TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
    mark TEXT, document TEXT NOT NULL,
    PRIMARY KEY (account, region, kind, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS documents_by_mark ON documents (kind, mark) WHERE mark IS NOT NULL;
"""


def _join(key: Sequence[str]) -> str:
    return _SEPARATOR.join(key)


def order(key: Key) -> str:
    """Return the text in whose order keys under the same prefix are listed."""
    return _join(key)


def _split(key: str) -> Key:
    return tuple(key.split(_SEPARATOR))


class Store:
    """The one owner of the state file; safe to use from many threads, by one process.

    Writes survive a killed process: SQLite's write-ahead log is on disk when a call returns.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self._depth = 0
        self._marking = threading.Condition()
        self.define(_SCHEMA)
        self.define(partition_values.SCHEMA)

    @classmethod
    def open(cls, path: Path | str) -> "Store":
        """Open the store in the file ``path`` (``":memory:"`` for a test), creating it when it is absent; raises Unusable."""
        return cls(connect(path))

    def close(self) -> None:
        """Close the file; further calls fail."""
        with self._lock:
            self._connection.close()

    def define(self, schema: str) -> None:
        """Create tables and what belongs to them (``CREATE … IF NOT EXISTS …``)."""
        with self._lock:
            self._connection.executescript(schema)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        with self._lock:
            return self._connection.execute(sql, parameters).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything inside one atomic change; an exception undoes it. Nested uses join the outer one."""
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
                except BaseException:  # a full disk; the transaction must not stay open
                    self._connection.execute("ROLLBACK")
                    raise

    def await_mark(self, timeout: float) -> None:
        """Wait until a document is written with a mark, at most ``timeout`` seconds."""
        with self._marking:
            self._marking.wait(timeout)

    def announce_mark(self) -> None:
        """Wake everybody in ``await_mark``; who then reads waits for the writer's transaction to end."""
        with self._marking:
            self._marking.notify_all()

    def reset(self) -> None:
        """Forget everything, as moto's ``/moto-api/reset`` does."""
        with self.transaction():
            for (name,) in self.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
                self.execute(f'DELETE FROM "{name}"')

    def scope(self, account: str, region: str) -> "Documents":
        """Return the documents of one account in one region."""
        return Documents(self, account, region)

    def marked(self, kind: str, mark: str) -> list[tuple[str, str, Key, Document]]:
        """Return ``(account, region, key, document)`` of every scope's documents that carry ``mark``."""
        rows = self.execute(
            "SELECT account, region, key, document FROM documents WHERE kind = ? AND mark = ? ORDER BY key",
            (kind, mark),
        )
        return [(account, region, _split(key), json.loads(text)) for account, region, key, text in rows]

    def everywhere(self, kind: str) -> list[tuple[str, str, Key, Document]]:
        """Return ``(account, region, key, document)`` of all documents of a kind, whatever their scope."""
        rows = self.execute("SELECT account, region, key, document FROM documents WHERE kind = ?", (kind,))
        return [(account, region, _split(key), json.loads(text)) for account, region, key, text in rows]


class Documents:
    """The documents of one account and region: plain dictionaries in the shape AWS returns.

    Timestamps are epoch seconds, the form AWS's JSON protocols put on the wire.
    """

    def __init__(self, store: Store, account: str, region: str) -> None:
        self._store = store
        self._scope = (account, region)

    def transaction(self) -> Any:
        """Make everything inside one atomic change (see ``Store.transaction``)."""
        return self._store.transaction()

    def read(self, kind: str, *key: str) -> Document | None:
        """Return the document, or None where there is none."""
        rows = self._store.execute(
            "SELECT document FROM documents WHERE account = ? AND region = ? AND kind = ? AND key = ?",
            (*self._scope, kind, _join(key)),
        )
        return json.loads(rows[0][0]) if rows else None

    def write(self, kind: str, *key: str, doc: Document, mark: str | None = None) -> None:
        """Store the document, in place of one with the same key."""
        self._store.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (account, region, kind, key)"
            " DO UPDATE SET mark = excluded.mark, document = excluded.document",
            (*self._scope, kind, _join(key), mark, json.dumps(doc)),
        )
        if mark is not None:
            self._store.announce_mark()

    def insert(self, kind: str, *key: str, doc: Document, mark: str | None = None) -> bool:
        """Store the document unless its key is taken; tell whether it was stored."""
        rows = self._store.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1",
            (*self._scope, kind, _join(key), mark, json.dumps(doc)),
        )
        if rows and mark is not None:
            self._store.announce_mark()
        return bool(rows)

    def remove(self, kind: str, *key: str) -> bool:
        """Delete the document; tell whether there was one."""
        rows = self._store.execute(
            "DELETE FROM documents WHERE account = ? AND region = ? AND kind = ? AND key = ? RETURNING 1",
            (*self._scope, kind, _join(key)),
        )
        return bool(rows)

    def scan(
        self, kind: str, *prefix: str, after: Key | None = None, limit: int | None = None
    ) -> list[tuple[Key, Document]]:
        """Return the documents whose key starts with ``prefix``, in key order, those after ``after`` only."""
        where, parameters = self._under(kind, prefix)
        if after is not None:
            where, parameters = f"{where} AND key > ?", [*parameters, _join(after)]
        rows = self._store.execute(
            f"SELECT key, document FROM documents WHERE {where} ORDER BY key LIMIT ?",
            [*parameters, -1 if limit is None else limit],
        )
        return [(_split(key), json.loads(text)) for key, text in rows]

    def keys(self, kind: str, *prefix: str) -> list[Key]:
        """Return the keys that start with ``prefix``, in order, without reading the documents."""
        where, parameters = self._under(kind, prefix)
        rows = self._store.execute(f"SELECT key FROM documents WHERE {where} ORDER BY key", parameters)
        return [_split(key) for (key,) in rows]

    def partition_keys(self, *prefix: str, condition: str, parameters: Sequence[Any]) -> list[Key]:
        """Return the partitions' keys under ``prefix`` (database, table …) whose values meet an SQL condition, in order.

        ``condition`` is over the columns of ``partition_values``; its ``?`` are ``parameters``.
        """
        where, under = self._range(prefix)
        rows = self._store.execute(
            f"SELECT key FROM partition_values WHERE account = ? AND region = ?{where} AND ({condition}) ORDER BY key",
            [*self._scope, *under, *parameters],
        )
        return [_split(key) for (key,) in rows]

    def read_all(self, kind: str, keys: Sequence[Key]) -> list[Document]:
        """Return the documents with these keys, in their order; keys without one are passed over."""
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
        """Return how many documents have a key that starts with ``prefix``."""
        where, parameters = self._under(kind, prefix)
        return int(self._store.execute(f"SELECT count(*) FROM documents WHERE {where}", parameters)[0][0])

    def remove_under(self, kind: str, *prefix: str) -> int:
        """Delete the documents whose key starts with ``prefix`` and return how many there were."""
        where, parameters = self._under(kind, prefix)
        return len(self._store.execute(f"DELETE FROM documents WHERE {where} RETURNING 1", parameters))

    def _under(self, kind: str, prefix: Sequence[str]) -> tuple[str, list[str]]:
        where, parameters = self._range(prefix)
        return f"account = ? AND region = ? AND kind = ?{where}", [*self._scope, kind, *parameters]

    def _range(self, prefix: Sequence[str]) -> tuple[str, list[str]]:
        if not prefix:
            return "", []
        return " AND key >= ? AND key < ?", [_join(prefix) + _SEPARATOR, _join(prefix) + _AFTER_SEPARATOR]
