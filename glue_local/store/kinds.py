"""The kinds of document there are; the key of each is in its comment."""

DATABASE = "database"  # name
TABLE = "table"  # database, table
TABLE_VERSION = "table_version"  # database, table, version id padded so that text order is number order
PARTITION = "partition"  # database, table, values
CONNECTION = "connection"  # name
JOB = "job"  # name
JOB_RUN = "job_run"  # job, run id; marked with its state
CLAIM = "claim"  # run id; which worker executes the run, apart from the JobRun that AWS shows
EXECUTED = "executed"  # SHA-256 of the script, run id; the bytes a run executed, apart from the JobRun that AWS shows
CALL = "call"  # run id as runs send it, IAM action, resource; what a run called
BOOKMARK = "bookmark"  # job name
TAGS = "tags"  # ARN
DELIVERY_STREAM = "delivery_stream"  # name
CHECKPOINT = "checkpoint"  # delivery stream: what of it is in S3
PUT_RECORD = "put_record"  # delivery stream, record id: put directly and not in S3 yet
