"""When tables are equal, and how a difference is described; the queries are tested in tests/e2e/test_traffic_athena.py."""

import pytest

from glue_local.compare.rows import TableRows, explain


@pytest.mark.parametrize(
    ("rows", "equal"),
    [
        (TableRows("events", 5, 0, 0), True),
        (TableRows("quarantine", 0, 0, 0), True),
        (TableRows("sites", 5, 0, 0, rounded=2), True),
        (TableRows("sites", 0, 0, 0), False),
        (TableRows("events", 5, 1, 0), False),
        (TableRows("events", 5, 0, 1), False),
    ],
)
def test_equal(rows: TableRows, equal: bool) -> None:
    assert rows.equal is equal


def test_a_difference_is_described_in_one_line_with_an_example() -> None:
    differing = TableRows("events", 5, 2, 0, ({"unieke_id": "1", "record": "two\nlines"},))
    line = "events: 2 rows only in traffic, 0 only in traffic_athena; for example {'unieke_id': '1', 'record': 'two\\nlines'}"
    assert explain(differing) == line
    assert explain(TableRows("sites", 0, 0, 0)) == "sites has no rows"
    assert explain(TableRows("sites", 4, 1, 1)) == "sites: 1 rows only in traffic, 1 only in traffic_athena"
