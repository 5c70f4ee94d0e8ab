"""The states of a QueryExecution, as a table.

AWS's names: https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryExecutionStatus.html
"""

from glue_local.work import States

QUEUED = "QUEUED"
RUNNING = "RUNNING"
SUCCEEDED = "SUCCEEDED"
FAILED = "FAILED"
CANCELLED = "CANCELLED"
CANCELLING = "CANCELLING"
"""glue-local's own: a client stopped the query, its worker has not yet. AWS has no such state; clients see the last one."""

STATES = States(
    # SUCCEEDED: with the result of an earlier query.
    first=(QUEUED, SUCCEEDED),
    moves={
        # A worker may claim it. FAILED if there is no engine to run it.
        QUEUED: (RUNNING, FAILED, CANCELLING, CANCELLED),
        RUNNING: (SUCCEEDED, FAILED, CANCELLING, CANCELLED),
        # The query may end by itself before its worker learns of the stop.
        CANCELLING: (SUCCEEDED, FAILED, CANCELLED),
        SUCCEEDED: (),
        FAILED: (),
        CANCELLED: (),
    },
)
