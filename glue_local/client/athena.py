"""Athena's queries through its API: started, waited for, stopped, and their results as text, page by page."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

Client = Any
TextRow = list[str | None]

ENDED = frozenset(("SUCCEEDED", "FAILED", "CANCELLED"))
# Between polls: seconds, and a share of the time that the query has taken.
_SHORTEST_PAUSE, _LONGEST_PAUSE, _PAUSE_SHARE = 0.01, 0.5, 0.1


class QueryFailed(Exception):
    """A query ended FAILED or CANCELLED; the message is Athena's."""

    def __init__(self, query: dict[str, Any]) -> None:
        status = query["Status"]
        self.state = str(status["State"])
        super().__init__(str(status.get("StateChangeReason") or f"the query ended {self.state}"))


@dataclass(frozen=True)
class Column:
    """A column of a result: its name, and its type as Athena names it (``integer``, ``varchar``, ``decimal`` …)."""

    name: str
    type: str
    precision: int = 0
    scale: int = 0


@dataclass(frozen=True)
class Result:
    """A query's result. ``rows`` reads the pages as it is iterated; ``updated`` counts the rows that a statement wrote."""

    columns: Sequence[Column]
    rows: Iterator[TextRow]
    updated: int | None


def start(
    athena: Client,
    sql: str,
    *,
    database: str = "",
    work_group: str = "",
    output_location: str = "",
    parameters: Sequence[str] = (),
) -> str:
    """Start a query and return its QueryExecutionId; empty arguments are left to the work group."""
    given: dict[str, Any] = {
        "QueryExecutionContext": {"Database": database} if database else {},
        "WorkGroup": work_group,
        "ResultConfiguration": {"OutputLocation": output_location} if output_location else {},
        "ExecutionParameters": list(parameters),
    }
    request = {name: value for name, value in given.items() if value}
    return str(athena.start_query_execution(QueryString=sql, **request)["QueryExecutionId"])


def wait(athena: Client, query_id: str, sleep: Callable[[float], None] = time.sleep) -> dict[str, Any]:
    """Wait until a query ends and return its QueryExecution; raises QueryFailed unless it SUCCEEDED."""
    began = time.monotonic()
    while True:
        query: dict[str, Any] = athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
        if query["Status"]["State"] == "SUCCEEDED":
            return query
        if query["Status"]["State"] in ENDED:
            raise QueryFailed(query)
        sleep(min(max(_PAUSE_SHARE * (time.monotonic() - began), _SHORTEST_PAUSE), _LONGEST_PAUSE))


def stop(athena: Client, query_id: str) -> str:
    """Cancel a query, wait until it has ended, and return its state."""
    athena.stop_query_execution(QueryExecutionId=query_id)
    try:
        return str(wait(athena, query_id)["Status"]["State"])
    except QueryFailed as failed:
        return failed.state


def result(athena: Client, query: dict[str, Any]) -> Result:
    """Return the result of a query that SUCCEEDED."""
    pages = athena.get_paginator("get_query_results").paginate(QueryExecutionId=query["QueryExecutionId"])
    remaining = iter(pages)
    first = next(remaining)
    columns = [
        Column(each["Name"], each["Type"], each.get("Precision", 0), each.get("Scale", 0))
        for each in first["ResultSet"]["ResultSetMetadata"].get("ColumnInfo", [])
    ]
    # Only a result in CSV has its columns' names as first row.
    header = str(query["ResultConfiguration"]["OutputLocation"]).endswith(".csv")
    wrote = query.get("SubstatementType") in _WRITING
    return Result(columns, _rows(first, remaining, header), first.get("UpdateCount") if wrote else None)


_WRITING = frozenset(("INSERT", "UPDATE", "DELETE", "MERGE", "CREATE_TABLE_AS_SELECT"))


def _rows(first: dict[str, Any], others: Iterator[dict[str, Any]], header: bool) -> Iterator[TextRow]:
    rows = first["ResultSet"]["Rows"]
    yield from map(_texts, rows[1:] if header else rows)
    for page in others:
        yield from map(_texts, page["ResultSet"]["Rows"])


def _texts(row: dict[str, Any]) -> TextRow:
    return [datum.get("VarCharValue") for datum in row["Data"]]


def output_location(clients: Callable[[str], Client], region: str, work_group: str = "") -> str:
    """Return the output location for a work group without one: the bucket of Athena's console, created if missing.

    Empty if the work group has an output location.
    """
    group = clients("athena").get_work_group(WorkGroup=work_group or "primary")["WorkGroup"]
    if group["Configuration"].get("ResultConfiguration", {}).get("OutputLocation"):
        return ""
    account = clients("sts").get_caller_identity()["Account"]
    bucket = f"aws-athena-query-results-{account}-{region}"
    where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    try:
        clients("s3").create_bucket(Bucket=bucket, **where)
    except ClientError as error:
        if error.response["Error"]["Code"] != "BucketAlreadyOwnedByYou":
            raise
    return f"s3://{bucket}/"
