"""Queries as work: claimed, stopped, lost; states as AWS shows them."""

from collections.abc import Callable
from typing import Any

import pytest

from glue_local.core.clock import system_clock
from glue_local.core.ids import Ids
from glue_local.query_executions import QUERY_EXECUTION
from glue_local.services.athena.query_executions import (
    get_query_execution,
    start_query_execution,
    stop_query_execution,
)
from glue_local.services.context import Context
from glue_local.store import Store, kinds
from glue_local.work import end_claims_of
from glue_local.worker_api import queries
from glue_local.worker_api.context import PrivateContext


@pytest.fixture
def store() -> Any:
    store = Store.open(":memory:")
    yield store
    store.close()


@pytest.fixture
def ctx(store: Store) -> Context:
    return Context(store, system_clock, Ids(1), "000000000000", "us-east-1")


@pytest.fixture
def private(store: Store) -> PrivateContext:
    return PrivateContext(store, system_clock, Ids(2), "token")


@pytest.fixture
def state(ctx: Context) -> Callable[[str], dict[str, Any]]:
    return lambda query_id: get_query_execution(ctx, {"QueryExecutionId": query_id})["QueryExecution"]["Status"]


@pytest.fixture
def query(ctx: Context) -> str:
    given = {"QueryString": "select 1", "ResultConfiguration": {"OutputLocation": "s3://r/"}}
    return str(start_query_execution(ctx, given)["QueryExecutionId"])


def claim(private: PrivateContext) -> dict[str, Any]:
    claimed = queries.claim(private, {"worker": "w"})
    assert claimed is not None
    return claimed


def begin(private: PrivateContext, query: str) -> tuple[str, dict[str, Any]]:
    secret = claim(private)["claim"]
    return secret, queries.started(private, {"claim": secret, "kind": "DML", "substatement": "SELECT"}, query)


def test_a_claimed_query_runs_and_ends(private: PrivateContext, ctx: Context, query: str, state: Any) -> None:
    secret, answer = begin(private, query)
    assert answer == {"stop": False}
    assert state(query)["State"] == "RUNNING"
    assert queries.heartbeat(private, {"claim": secret}, query) == {"stop": False}
    result = {"columns": [], "update_count": 0, "object": True, "runtime": {}}
    ending = {
        "claim": secret,
        "state": "SUCCEEDED",
        "statistics": {"DataScannedInBytes": 7},
        "location": "s3://r/x.csv",
        "result": result,
    }
    assert queries.finished(private, ending, query) == {"State": "SUCCEEDED"}
    found = get_query_execution(ctx, {"QueryExecutionId": query})["QueryExecution"]
    assert found["Status"]["State"] == "SUCCEEDED"
    assert found["StatementType"] == "DML"
    assert found["Statistics"]["DataScannedInBytes"] == 7
    assert found["Statistics"]["TotalExecutionTimeInMillis"] >= found["Statistics"]["QueryQueueTimeInMillis"]
    assert found["ResultConfiguration"]["OutputLocation"] == "s3://r/x.csv"
    assert queries.claim(private, {"worker": "w"}) is None


def test_a_running_query_is_cancelled_when_its_worker_has_stopped_it(
    private: PrivateContext, ctx: Context, query: str, state: Any
) -> None:
    secret, _ = begin(private, query)
    stop_query_execution(ctx, {"QueryExecutionId": query})
    stop_query_execution(ctx, {"QueryExecutionId": query})
    assert state(query)["State"] == "RUNNING"
    assert queries.heartbeat(private, {"claim": secret}, query) == {"stop": True}
    queries.finished(private, {"claim": secret, "state": "CANCELLED", "reason": "Query cancelled"}, query)
    assert state(query)["State"] == "CANCELLED"
    assert state(query)["StateChangeReason"] == "Query cancelled"


def test_a_query_stopped_between_claim_and_start_does_not_start(
    private: PrivateContext, ctx: Context, query: str, state: Any
) -> None:
    secret = claim(private)["claim"]
    stop_query_execution(ctx, {"QueryExecutionId": query})
    told = queries.started(private, {"claim": secret, "kind": "DML", "substatement": "SELECT"}, query)
    assert told == {"stop": True}
    assert state(query)["State"] == "QUEUED"


def test_a_lost_worker_leaves_no_query_running(private: PrivateContext, ctx: Context, query: str, state: Any) -> None:
    claim(private)
    end_claims_of(private, [QUERY_EXECUTION], "w", "The {noun} worker died.")
    assert state(query)["State"] == "QUEUED"
    begin(private, query)
    end_claims_of(private, [QUERY_EXECUTION], "w", "The {noun} worker died.")
    assert state(query)["State"] == "FAILED"
    assert state(query)["StateChangeReason"] == "The query worker died."
    assert state(query)["AthenaError"]["ErrorCategory"] == 1
    assert state(query)["AthenaError"]["Retryable"] is True


def test_a_stopped_query_of_a_lost_worker_is_cancelled(
    private: PrivateContext, ctx: Context, query: str, state: Any
) -> None:
    begin(private, query)
    stop_query_execution(ctx, {"QueryExecutionId": query})
    end_claims_of(private, [QUERY_EXECUTION], "w", "gone")
    assert state(query)["State"] == "CANCELLED"


def test_a_result_is_reused_within_its_age(private: PrivateContext, ctx: Context, state: Any) -> None:
    given = {
        "QueryString": "select 1",
        "ResultConfiguration": {"OutputLocation": "s3://r/"},
        "ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": True, "MaxAgeInMinutes": 60}},
    }
    first = str(start_query_execution(ctx, given)["QueryExecutionId"])
    assert state(first)["State"] == "QUEUED"
    secret, _ = begin(private, first)
    result = {"columns": [{"Name": "_col0", "Type": "integer"}], "update_count": 0, "object": True, "runtime": {}}
    ending = {"claim": secret, "state": "SUCCEEDED", "location": f"s3://r/{first}.csv", "result": result}
    queries.finished(private, ending, first)
    second = str(start_query_execution(ctx, given)["QueryExecutionId"])
    found = get_query_execution(ctx, {"QueryExecutionId": second})["QueryExecution"]
    assert found["Status"]["State"] == "SUCCEEDED"
    assert found["ResultConfiguration"]["OutputLocation"] == f"s3://r/{first}.csv"
    assert found["Statistics"]["ResultReuseInformation"] == {"ReusedPreviousResult": True}
    assert ctx.documents.read(kinds.QUERY_RESULT, second) == result
    other = str(start_query_execution(ctx, {**given, "QueryString": "select 2"})["QueryExecutionId"])
    assert state(other)["State"] == "QUEUED"
