"""A QueryExecution as a kind of work: how it starts, stops and ends."""

from glue_local.query_executions.states import CANCELLED, CANCELLING, FAILED, QUEUED, RUNNING, STATES
from glue_local.query_executions.times import time_key
from glue_local.store import Document, Documents, Key, kinds
from glue_local.work import Context, Ending, Kind, end, enqueue, is_claimed, move

ENGINE = "athena"
"""What a query worker offers."""

CANCELLED_BY_USER = "Query cancelled"
_INTERNAL = {"ErrorCategory": 1, "ErrorType": 200, "Retryable": True}


def start(ctx: Context, documents: Documents, query: Document, first: Ending | None = None) -> None:
    """Store a new query: QUEUED, or in the state ``first`` if its result is reused."""
    with ctx.store.transaction():
        enqueue(ctx, QUERY_EXECUTION, documents, query, first)
        documents.write(kinds.QUERY_BY_TIME, query["WorkGroup"], time_key(ctx.now), query["QueryExecutionId"], doc={})


def stop(ctx: Context, documents: Documents, query: Document) -> None:
    """Cancel a query; it is CANCELLED once its worker has stopped it. No effect on a query that has ended."""
    state = documents.state(kinds.QUERY, *_key(query))
    if state == CANCELLING or state is None or STATES.is_final(state):
        return
    if is_claimed(documents, query["QueryExecutionId"]):
        move(ctx, QUERY_EXECUTION, documents, query, Ending(CANCELLING))
    else:
        end(ctx, QUERY_EXECUTION, documents, query, Ending(CANCELLED, CANCELLED_BY_USER))


def _show(query: Document, to: Ending, now: float) -> None:
    status = query["Status"]
    if to.state == CANCELLING:
        return
    status["State"] = to.state
    if to.message:
        status["StateChangeReason"] = to.message
    if to.state == QUEUED:
        status["SubmissionDateTime"] = now
    elif to.state == RUNNING:
        query["Statistics"]["QueryQueueTimeInMillis"] = _millis(status["SubmissionDateTime"], now)
    else:
        status.setdefault("SubmissionDateTime", now)
        status["CompletionDateTime"] = now
        query["Statistics"]["TotalExecutionTimeInMillis"] = _millis(status["SubmissionDateTime"], now)


def _lost(query: Document, state: str, held: Document, reason: str) -> Ending | None:
    if state == QUEUED:
        # It has not started, so another worker can claim it.
        return None
    if state == CANCELLING:
        return Ending(CANCELLED, CANCELLED_BY_USER)
    query["Status"]["AthenaError"] = {**_INTERNAL, "ErrorMessage": reason}
    return Ending(FAILED, reason)


def _millis(since: float, now: float) -> int:
    return max(round(1000 * (now - since)), 0)


def _key(query: Document) -> Key:
    return (query["QueryExecutionId"],)


def _queued_at(query: Document) -> float:
    return float(query["Status"]["SubmissionDateTime"])


QUERY_EXECUTION = Kind(
    document=kinds.QUERY,
    noun="query",
    states=STATES,
    queued=QUEUED,
    running=RUNNING,
    stopping=frozenset({CANCELLING}),
    key=_key,
    queued_at=_queued_at,
    show=_show,
    needs=lambda documents, query: ENGINE,
    lost=_lost,
    ended=lambda ctx, documents, query: None,
)
