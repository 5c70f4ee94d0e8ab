"""Result reuse: return the result of an earlier identical query instead of running it again.

https://docs.aws.amazon.com/athena/latest/ug/reusing-query-results.html
"""

from glue_local.query_executions import SUCCEEDED, time_of
from glue_local.services.context import Context
from glue_local.store import Document, kinds

_LONGEST_QUERY = 1800.0
_SAME = ("Query", "QueryExecutionContext", "WorkGroup", "ExecutionParameters")
_NO_TIME = ("EngineExecutionTimeInMillis", "QueryPlanningTimeInMillis", "QueryQueueTimeInMillis")


def reused(ctx: Context, query: Document) -> Document | None:
    """Return the query finished with the result of an earlier one, None if the query has to run."""
    by_age = query["ResultReuseConfiguration"].get("ResultReuseByAgeConfiguration", {})
    if not by_age.get("Enabled"):
        return None
    # The default of MaxAgeInMinutes is 60.
    earliest = ctx.now - 60.0 * by_age.get("MaxAgeInMinutes", 60)
    earlier = _earlier(ctx, query, earliest)
    result = earlier and ctx.documents.read(kinds.QUERY_RESULT, earlier["QueryExecutionId"])
    if not earlier or not result:
        return None
    ctx.documents.write(kinds.QUERY_RESULT, query["QueryExecutionId"], doc=result)
    location = earlier["ResultConfiguration"]["OutputLocation"]
    return {
        **query,
        "StatementType": earlier["StatementType"],
        "SubstatementType": earlier["SubstatementType"],
        "ResultConfiguration": {**query["ResultConfiguration"], "OutputLocation": location},
        "Statistics": {
            **dict.fromkeys(_NO_TIME, 0),
            "DataScannedInBytes": 0,
            "ServiceProcessingTimeInMillis": 0,
            "ResultReuseInformation": {"ReusedPreviousResult": True},
        },
    }


def _earlier(ctx: Context, query: Document, earliest: float) -> Document | None:
    for _, started, query_id in ctx.documents.keys(kinds.QUERY_BY_TIME, query["WorkGroup"]):
        if time_of(started) < earliest - _LONGEST_QUERY:
            return None
        found = ctx.documents.read(kinds.QUERY, query_id)
        if found and _serves(found, query) and found["Status"]["CompletionDateTime"] >= earliest:
            return found
    return None


def _serves(found: Document, query: Document) -> bool:
    return (
        found["Status"]["State"] == SUCCEEDED
        and found.get("SubstatementType") == "SELECT"
        and not found["Statistics"].get("ResultReuseInformation", {}).get("ReusedPreviousResult")
        and all(found.get(member) == query.get(member) for member in _SAME)
    )
