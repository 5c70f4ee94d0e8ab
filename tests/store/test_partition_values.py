"""The SQL columns of partition values: kept up to date by triggers, and added to state files that lack them."""

import sqlite3
from pathlib import Path

from glue_local.store import Documents, Store, kinds

NULL = "__HIVE_DEFAULT_PARTITION__"
ODD = ["7", "07", "-7", "--7", "7-", "", "-", "7.5", "x", NULL]


def _write(documents: Documents, table: str, *values: str) -> None:
    documents.write(kinds.PARTITION, "d", table, *values, doc={"Values": list(values)})


def _found(documents: Documents, condition: str, table: str = "t") -> list[str]:
    return [key[2] for key in documents.partition_keys("d", table, condition=condition, parameters=())]


def test_texts_and_whole_numbers() -> None:
    store = Store.open(":memory:")
    documents = store.scope("1", "r")
    for value in ODD:
        _write(documents, "t", value)
    assert _found(documents, "n0 = 7") == ["07", "7"]
    assert _found(documents, "n0 < 0") == ["-7"]
    assert _found(documents, "v0 IS NULL") == [NULL]
    assert len(_found(documents, "n0 IS NULL")) == len(ODD) - 3
    store.close()


def test_columns_follow_their_documents() -> None:
    store = Store.open(":memory:")
    documents, other = store.scope("1", "r"), store.scope("2", "r")
    for scope in (documents, other):
        _write(scope, "t", "a")
        _write(scope, "t", "a")
        _write(scope, "u", "a")
    assert (_found(documents, "1"), _found(documents, "1", "u")) == (["a"], ["a"])
    documents.remove(kinds.PARTITION, "d", "t", "a")
    documents.remove_under(kinds.PARTITION, "d", "u")
    assert (_found(documents, "1"), _found(documents, "1", "u"), _found(other, "1")) == ([], [], ["a"])
    store.reset()
    _write(documents, "t", "a")
    assert (_found(documents, "1"), _found(other, "1")) == (["a"], [])
    store.close()


def test_an_older_state_file_gets_the_columns(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    store = Store.open(file)
    _write(store.scope("1", "r"), "t", "a")
    store.close()
    with sqlite3.connect(file) as before:
        before.executescript(
            "DROP TRIGGER partition_inserted; DROP TRIGGER partition_deleted; DROP TABLE partition_values"
        )
    before.close()
    for _ in range(2):  # and only once
        store = Store.open(file)
        assert _found(store.scope("1", "r"), "1") == ["a"]
        store.close()
