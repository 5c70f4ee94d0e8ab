"""Documents: scopes, prefixes, transactions, and a killed process."""

import subprocess
import sys
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


def test_a_prefix_is_whole_parts_of_the_key(documents: Documents) -> None:
    for key in (("a", "1"), ("a", "2"), ("ab", "1")):
        documents.write("kind", *key, doc={})
    assert documents.keys("kind", "a") == [("a", "1"), ("a", "2")]
    assert documents.count("kind", "ab") == 1
    assert documents.remove_under("kind", "a") == 2
    assert documents.keys("kind") == [("ab", "1")]


def test_insert_keeps_what_is_there(documents: Documents) -> None:
    assert documents.insert("kind", "a", doc={"n": 1})
    assert not documents.insert("kind", "a", doc={"n": 2})
    assert documents.read("kind", "a") == {"n": 1}


def _write_and_fail(documents: Documents) -> None:
    with documents.transaction():
        with documents.transaction():
            documents.write("kind", "a", doc={})
        raise KeyError


def test_a_failed_transaction_leaves_nothing_of_a_nested_one(documents: Documents) -> None:
    with pytest.raises(KeyError):
        _write_and_fail(documents)
    assert documents.keys("kind") == []


def test_what_was_written_survives_sigkill_and_what_was_unfinished_does_not(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    died = subprocess.run([sys.executable, "-c", _WRITE_AND_DIE, str(path)], check=False)
    assert died.returncode == -9
    store = Store.open(path)
    assert store.scope("1", "r").keys("kind") == [("kept",)]
    store.close()
