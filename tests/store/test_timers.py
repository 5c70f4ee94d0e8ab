"""Timers: set, moved, cleared, and found in the order of their times."""

from collections.abc import Iterator

import pytest

from glue_local.store import Documents, Store
from glue_local.store.timers import clear_timer, due, next_due, set_timer, timer_at


@pytest.fixture
def documents() -> Iterator[Documents]:
    store = Store.open(":memory:")
    yield store.scope("1", "r")
    store.close()


def test_timers_are_due_in_the_order_of_their_times(documents: Documents) -> None:
    store = documents._store
    assert next_due(store) is None
    times = {"a": 1_772_452_800.25, "b": 999.5, "c": 12_345_678_901.0}
    for name, at in times.items():
        set_timer(documents, "trigger", name, at=at, note={"anchor": 1.0})
    assert next_due(store) == 999.5
    assert [timer.key[-1] for timer in due(store, 2e9)] == ["b", "a"]
    assert due(store, 999.4) == []
    [first] = due(store, 999.5)
    assert (first.account, first.region, first.at, first.note["anchor"]) == ("1", "r", 999.5, 1.0)
    set_timer(documents, "trigger", "b", at=3e9)
    assert (timer_at(documents, "trigger", "b"), next_due(store)) == (3e9, times["a"])
    for name in times:
        clear_timer(documents, "trigger", name)
    assert (next_due(store), timer_at(documents, "trigger", "a")) == (None, None)
