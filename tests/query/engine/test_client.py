"""The client of the engine's protocol, against a fake Trino server."""

from typing import Any

import pytest

from glue_local.query.engine.client import EngineLost, Execution, run
from glue_local.query.failure import QueryFailed

COLUMNS = [{"name": "a", "type": "double"}]


def test_pages_are_read_to_the_end_and_numbers_stay_text(trino: Any) -> None:
    url, requests = trino(
        [
            (200, {"id": "q1", "nextUri": "NEXT/v1/statement/1?x=y"}),
            (503, "busy"),
            (200, {"id": "q1", "columns": COLUMNS, "nextUri": "NEXT/v1/statement/2"}),
            (200, {"id": "q1", "columns": COLUMNS, "data": [[1.0]], "stats": {"physicalInputBytes": 7}}),
        ]
    )
    execution = Execution(url, "select 1e0 as a", "c", "s")
    rows = run(execution)
    assert [*rows] == [["1.0"]]
    assert [(column.name, column.type) for column in rows.columns] == [("a", "double")]
    assert rows.engine_query_id == "q1"
    assert execution.stats == {"physicalInputBytes": 7}
    assert requests == [("POST", "/v1/statement"), *[("GET", "/v1/statement/1?x=y")] * 2, ("GET", "/v1/statement/2")]


def test_an_error_of_the_statement_is_raised(trino: Any) -> None:
    error = {"errorName": "SYNTAX_ERROR", "errorType": "USER_ERROR", "message": "line 1:1: no"}
    url, _ = trino([(200, {"id": "q", "error": error})])
    with pytest.raises(QueryFailed, match="SYNTAX_ERROR: line 1:1: no"):
        run(Execution(url, "selec", "c", "s"))


def test_a_lost_engine_is_distinguished_from_a_failed_statement(trino: Any) -> None:
    url, _ = trino([(200, {"id": "q", "nextUri": "NEXT/v1/statement/1"}), (404, "gone")])
    with pytest.raises(EngineLost, match="The query engine stopped while the query was running") as lost:
        run(Execution(url, "select 1", "c", "s"))
    assert (lost.value.category, lost.value.retryable) == (1, True)
    with pytest.raises(EngineLost, match="ConnectionRefusedError"):
        Execution("http://127.0.0.1:1", "select 1", "c", "s")


def test_a_cancelled_statement_is_deleted(trino: Any) -> None:
    url, requests = trino([(200, {"id": "q", "nextUri": "NEXT/v1/statement/1"})])
    Execution(url, "select 1", "c", "s").cancel()
    assert requests[-1] == ("DELETE", "/v1/statement/1")
