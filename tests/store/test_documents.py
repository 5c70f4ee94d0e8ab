"""Documents: scopes, prefixes, states, transactions, and a killed process."""

import contextlib
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from glue_local.store import Documents, Store

_WRITE_AND_DIE = """
import os, signal, sys
from glue_local.store import Store
documents = Store.open(sys.argv[1]).scope("1", "r")
documents.write("kind", "kept", doc={"n": 1})
with documents.transaction():
    documents.write("kind", "unfinished", doc={"n": 2})
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store.open(":memory:")
    yield store
    store.close()


@pytest.fixture
def documents(store: Store) -> Documents:
    return store.scope("1", "r")


def test_scopes_do_not_see_each_other(store: Store, documents: Documents) -> None:
    documents.write("kind", "a", doc={"n": 1})
    assert store.scope("2", "r").read("kind", "a") is None
    assert store.scope("1", "other").scan("kind") == []
    assert documents.read("kind", "a") == {"n": 1}


def test_a_prefix_consists_of_whole_parts_of_the_key(documents: Documents) -> None:
    for key in (("a", "1"), ("a", "2"), ("ab", "1")):
        documents.write("kind", *key, doc={})
    assert documents.keys("kind", "a") == [("a", "1"), ("a", "2")]
    assert documents.count("kind", "ab") == 1
    assert documents.remove_under("kind", "a") == 2
    assert documents.keys("kind") == [("ab", "1")]


def test_insert_does_not_replace(documents: Documents) -> None:
    assert documents.insert("kind", "a", doc={"n": 1})
    assert not documents.insert("kind", "a", doc={"n": 2})
    assert documents.read("kind", "a") == {"n": 1}


def _write_and_fail(documents: Documents) -> None:
    with documents.transaction():
        with documents.transaction():
            documents.write("kind", "a", doc={})
        raise KeyError


def test_a_failed_transaction_rolls_back_nested_ones(documents: Documents) -> None:
    with pytest.raises(KeyError):
        _write_and_fail(documents)
    assert documents.keys("kind") == []


def test_committed_writes_survive_sigkill_and_uncommitted_ones_do_not(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    died = subprocess.run([sys.executable, "-c", _WRITE_AND_DIE, str(path)], check=False)
    assert died.returncode == -9
    store = Store.open(path)
    assert store.scope("1", "r").keys("kind") == [("kept",)]
    store.close()


def test_a_state_that_was_written_before_the_wait_ends_it(store: Store, documents: Documents) -> None:
    seen = store.state_changes
    documents.write("kind", "a", doc={}, state="READY")
    waiting = threading.Thread(target=store.await_state_change, args=(seen, 600.0), daemon=True)
    waiting.start()
    waiting.join(60)
    assert not waiting.is_alive()


def test_states_in_a_file_of_an_older_version_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with contextlib.closing(Store.open(path)) as store:
        store.scope("1", "r").write("kind", "a", doc={"n": 1}, state="READY")
    with contextlib.closing(sqlite3.connect(path)) as older:
        older.executescript(
            "DROP INDEX documents_by_state; ALTER TABLE documents RENAME COLUMN state TO mark;"
            "CREATE INDEX documents_by_mark ON documents (kind, mark) WHERE mark IS NOT NULL;"
        )
    with contextlib.closing(Store.open(path)) as store:
        assert store.in_state("kind", "READY") == [("1", "r", ("a",), {"n": 1})]
