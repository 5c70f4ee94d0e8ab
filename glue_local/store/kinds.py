"""The kinds of documents, each with its key in the comment."""

DATABASE = "database"  # name
TABLE = "table"  # database, table
TABLE_VERSION = "table_version"  # database, table, version id padded so that text order is number order
PARTITION = "partition"  # database, table, values
PARTITION_INDEX = "partition_index"  # database, table, index
USER_DEFINED_FUNCTION = "user_defined_function"  # database, function
TABLE_STATISTICS = "table_statistics"  # database, table, column
PARTITION_STATISTICS = "partition_statistics"  # database, table, values, column
STATISTICS = (TABLE_STATISTICS, PARTITION_STATISTICS)
CONNECTION = "connection"  # name
JOB = "job"  # name
JOB_RUN = "job_run"  # job, run id; its state is its JobRunState
TRIGGER = "trigger"  # name
WATCH = "watch"  # kind and name of a job or crawler, trigger outside workflows that waits for it
TIMER = "timer"  # kind and name of what is due; its state is the time (timers.py)
EVENT_BATCH = "event_batch"  # trigger; its events that have not started a workflow run yet
WORKFLOW = "workflow"  # name
WORKFLOW_TRIGGER = "workflow_trigger"  # workflow, trigger
WORKFLOW_RUN = "workflow_run"  # workflow, run id; its state is its Status
CHAIN = "chain"  # id, which is that of its workflow run if it has one (orchestrate/chains.py)
STARTED_BY = "started_by"  # id of a job run that has not ended; the chain that started it
ENDED = "ended"  # kind of work, id; an ended run whose chain has not been updated yet
EVENT = "event"  # time, number, id; an event of ours that is not on the default event bus yet (outbox.py)
EVENT_RULE = "event_rule"  # name; a rule of the default bus, with its targets
INVOCATION_TIMER = (
    "invocation_timer"  # "rule" and name, or "schedule", group and name; its state is the time (timers.py)
)
DELIVERY = "delivery"  # time, number, id; an event or input that is due at a target; its state is the time (timers.py)
DELAYED = "delayed"  # run id, state; the event of a delayed run that was emitted (runs/delay_events.py)
CLAIM = "claim"  # id of a piece of work; the worker that has it
EXECUTED = "executed"  # SHA-256 of the script, run id; the files that a run executed
CALL = "call"  # run id as runs send it, IAM action, resource; a call that a run made
BOOKMARK = "bookmark"  # job name
TAGS = "tags"  # ARN
DELIVERY_STREAM = "delivery_stream"  # name
CHECKPOINT = "checkpoint"  # delivery stream; how far it has been delivered to S3
PUT_RECORD = "put_record"  # delivery stream, record id; a direct put that is not in S3 yet
QUERY = "query"  # query id; a QueryExecution; its state is the query's
QUERY_BY_TIME = "query_by_time"  # work group, negated time in milliseconds, query id: the latest first
QUERY_RESULT = "query_result"  # query id; columns, update count and runtime of a query that succeeded
QUERY_TOKEN = "query_token"  # ClientRequestToken: the query it started
WORK_GROUP = "work_group"  # name
NAMED_QUERY = "named_query"  # named query id
PREPARED_STATEMENT = "prepared_statement"  # work group, name
DATA_CATALOG = "data_catalog"  # name
