"""The latest runs and the runs in a state are read from indexes: of 10 000 runs, only the returned rows are read."""

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from glue_local.store import Documents, Store

RUNS = 10_000


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    made = Store.open(":memory:")
    documents = made.scope("1", "r")
    with made.transaction():
        for number in range(RUNS):
            for job in ("j", "other"):
                run_id, state = f"jr_{number * 7919 % RUNS:05d}", "RUNNING" if number % 1000 == 0 else "SUCCEEDED"
                run = {"Id": run_id, "StartedOn": 1000.0 + number // 2, "JobName": job}
                documents.write("job_run", job, run_id, doc=run, state=state)
    yield made
    made.close()


def steps(store: Store, read: Callable[[], Any]) -> int:
    """Return how often SQLite's virtual machine has made ten steps."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    connection: sqlite3.Connection = store._connection
    connection.set_progress_handler(count, 10)
    read()
    connection.set_progress_handler(None, 0)
    return counted


@pytest.fixture
def documents(store: Store) -> Documents:
    return store.scope("1", "r")


def test_pages_of_the_latest_are_complete_and_in_order(documents: Documents) -> None:
    found: list[tuple[float, str]] = []
    while page := documents.latest("job_run", "j", found[-1] if found else None, 999):
        found += [(run["StartedOn"], run["Id"]) for run in page]
    assert len(set(found)) == RUNS
    assert found == sorted(found, reverse=True)


def test_a_page_reads_only_its_own_rows(store: Store, documents: Documents) -> None:
    middle = documents.latest("job_run", "j", None, 5000)[-1]
    before = (middle["StartedOn"], middle["Id"])
    all_of_them = steps(store, lambda: documents.latest("job_run", "j"))
    for start in (None, before):
        assert steps(store, lambda start=start: documents.latest("job_run", "j", start, 100)) < all_of_them / 50  # type: ignore[misc]


def test_reading_and_counting_runs_in_a_state_reads_no_others(store: Store, documents: Documents) -> None:
    assert documents.count_in_state("job_run", "RUNNING", "j") == 10
    assert [run["JobName"] for run in documents.in_state("job_run", "RUNNING", "j")] == ["j"] * 10
    everything = steps(store, lambda: documents.count("job_run", "j"))
    for read in (documents.count_in_state, documents.in_state):
        assert steps(store, lambda read=read: read("job_run", "RUNNING", "j")) < everything / 50  # type: ignore[misc]
