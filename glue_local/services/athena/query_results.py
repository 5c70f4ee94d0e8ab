"""Results of succeeded queries, read from the objects they wrote."""

from typing import Any

from glue_local.core.faults import Invalid, NotEmulated
from glue_local.query_executions import STATES, SUCCEEDED
from glue_local.services.athena.lookup import find_query
from glue_local.services.athena.results.result_objects import ResultObject
from glue_local.services.context import Context
from glue_local.store import kinds

_PAGE = 1000


def get_query_results(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetQueryResults: return a page of {ResultSet, UpdateCount, NextToken}; a query's first row is the header.

    Errors: InvalidRequestException if the query has not succeeded or its result object is missing.
    """
    if request.get("QueryResultType", "DATA_ROWS") != "DATA_ROWS":
        raise NotEmulated(
            "glue-local does not emulate GetQueryResults.QueryResultType DATA_MANIFEST: read the manifest object"
        )
    query = find_query(ctx, request["QueryExecutionId"])
    state = query["Status"]["State"]
    if not STATES.is_final(state):
        raise Invalid(f"Query has not yet finished. Current state: {state}")
    if state != SUCCEEDED:
        raise Invalid(f"Query did not finish successfully. Final query state: {state}")
    result = ctx.documents.read(kinds.QUERY_RESULT, query["QueryExecutionId"]) or {}
    rows: list[dict[str, Any]] = []
    token = None
    if result["object"]:
        read = ResultObject(ctx.client("s3"), query["ResultConfiguration"]["OutputLocation"])
        rows, token = read.page(request.get("NextToken"), request.get("MaxResults", _PAGE))
    return {
        "ResultSet": {"Rows": rows, "ResultSetMetadata": {"ColumnInfo": result["columns"]}},
        "UpdateCount": result["update_count"],
        "NextToken": token,
    }


def get_query_runtime_statistics(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetQueryRuntimeStatistics: return the engine's {QueryRuntimeStatistics}. Errors: InvalidRequestException."""
    query = find_query(ctx, request["QueryExecutionId"])
    if not STATES.is_final(query["Status"]["State"]):
        raise Invalid(f"Query has not yet finished. Current state: {query['Status']['State']}")
    result = ctx.documents.read(kinds.QUERY_RESULT, query["QueryExecutionId"]) or {}
    timeline = {name: value for name, value in query["Statistics"].items() if name.endswith("InMillis")}
    return {"QueryRuntimeStatistics": {"Timeline": timeline, **result.get("runtime", {})}}
