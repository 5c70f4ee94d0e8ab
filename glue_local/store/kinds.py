"""The kinds of document there are; the key of each is in its comment."""

DATABASE = "database"  # name
TABLE = "table"  # database, table
TABLE_VERSION = "table_version"  # database, table, version id padded so that text order is number order
JOB = "job"  # name
JOB_RUN = "job_run"  # run id; marked with its state
BOOKMARK = "bookmark"  # job name
TAGS = "tags"  # ARN
DELIVERY_STREAM = "delivery_stream"  # name
