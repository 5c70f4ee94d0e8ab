"""Query executions: started, read and stopped here; a query worker runs them."""

from typing import Any

from glue_local import query_executions
from glue_local.core.faults import Invalid, Missing
from glue_local.services.athena.lookup import AWS_DATA_CATALOG, PRIMARY, find_query, find_work_group, own_catalog
from glue_local.services.athena.results.reuse import reused
from glue_local.services.athena.tokens import once
from glue_local.services.context import Context
from glue_local.services.paging import page
from glue_local.store import Document, kinds
from glue_local.work import Ending

_PAGE = 50
_LONGEST = 262144


def start_query_execution(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """StartQueryExecution: write a query that a worker will claim. Returns {QueryExecutionId}.

    The same id for the same ClientRequestToken. Errors: InvalidRequestException if the work group is missing or
    disabled, or if neither the request nor the work group gives an output location.
    """
    group = find_work_group(ctx, request.get("WorkGroup", PRIMARY))
    if group["State"] == "DISABLED":
        raise Invalid(f"WorkGroup {group['Name']} is disabled.")
    if len(request["QueryString"].encode()) > _LONGEST:
        raise Invalid(f"The query is longer than {_LONGEST} bytes")
    return {"QueryExecutionId": once(ctx, "StartQueryExecution", request, lambda: _start(ctx, group, request))}


def get_query_execution(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetQueryExecution: return {QueryExecution}. Errors: InvalidRequestException."""
    return {"QueryExecution": find_query(ctx, request["QueryExecutionId"])}


def batch_get_query_execution(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchGetQueryExecution: return {QueryExecutions, UnprocessedQueryExecutionIds}."""
    found, missing = [], []
    for query_id in request["QueryExecutionIds"]:
        try:
            found.append(find_query(ctx, query_id))
        except Missing as fault:
            error = {"ErrorCode": "INVALID_INPUT", "ErrorMessage": fault.message}
            missing.append({"QueryExecutionId": query_id, **error})
    return {"QueryExecutions": found, "UnprocessedQueryExecutionIds": missing}


def list_query_executions(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """ListQueryExecutions: return a page of {QueryExecutionIds, NextToken} of a work group, the latest first."""
    group = request.get("WorkGroup", PRIMARY)
    find_work_group(ctx, group)
    keys = ctx.documents.keys(kinds.QUERY_BY_TIME, group)
    listing = ("ListQueryExecutions", group)
    # MaxResults may be 0, which has the effect of leaving it out.
    asked = {**request, "MaxResults": request.get("MaxResults") or _PAGE}
    found, token = page(keys, asked, _PAGE, listing=listing, key=lambda key: key[1:])
    return {"QueryExecutionIds": [key[2] for key in found], "NextToken": token}


def stop_query_execution(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """StopQueryExecution: cancel a query; no effect on a query that has ended. Errors: InvalidRequestException."""
    with ctx.documents.transaction():
        query_executions.stop(ctx, ctx.documents, find_query(ctx, request["QueryExecutionId"]))
    return {}


def _start(ctx: Context, group: Document, request: dict[str, Any]) -> str:
    query_id = ctx.ids.uuid()
    context = request.get("QueryExecutionContext", {})
    own_catalog(ctx, context.get("Catalog", AWS_DATA_CATALOG))
    query = {
        "QueryExecutionId": query_id,
        "Query": request["QueryString"].strip().removesuffix(";").rstrip(),
        "ResultConfiguration": {**_results(group, request), "OutputLocation": f"{_location(group, request)}{query_id}"},
        "ResultReuseConfiguration": request.get(
            "ResultReuseConfiguration", {"ResultReuseByAgeConfiguration": {"Enabled": False}}
        ),
        "QueryExecutionContext": dict(context),
        "Status": {},
        "Statistics": {},
        "WorkGroup": group["Name"],
        "EngineVersion": group["Configuration"]["EngineVersion"],
        **({"ExecutionParameters": request["ExecutionParameters"]} if "ExecutionParameters" in request else {}),
    }
    with_result = reused(ctx, query)
    first = Ending(query_executions.SUCCEEDED) if with_result else None
    query_executions.start(ctx, ctx.documents, with_result or query, first)
    return query_id


def _results(group: Document, request: dict[str, Any]) -> Document:
    """Return the effective ResultConfiguration: the work group's if it enforces its own."""
    own = group["Configuration"].get("ResultConfiguration", {})
    return (
        dict(own)
        if group["Configuration"]["EnforceWorkGroupConfiguration"]
        else {**own, **request.get("ResultConfiguration", {})}
    )


def _location(group: Document, request: dict[str, Any]) -> str:
    location = str(_results(group, request).get("OutputLocation", ""))
    if not location:
        raise Invalid(
            "No output location provided. An output location is required either through the Workgroup result"
            " configuration setting or as an API input."
        )
    if not location.startswith("s3://") or not location.removeprefix("s3://").strip("/"):
        raise Invalid("outputLocation is not a valid S3 path.")
    return location if location.endswith("/") else f"{location}/"
