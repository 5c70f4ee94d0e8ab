"""The life cycle of Athena queries: states, moves and the queue order."""

from glue_local.query_executions.query_execution import QUERY_EXECUTION, start, stop
from glue_local.query_executions.states import CANCELLED, FAILED, QUEUED, RUNNING, STATES, SUCCEEDED
from glue_local.query_executions.times import time_key, time_of

__all__ = [
    "CANCELLED",
    "FAILED",
    "QUERY_EXECUTION",
    "QUEUED",
    "RUNNING",
    "STATES",
    "SUCCEEDED",
    "start",
    "stop",
    "time_key",
    "time_of",
]
