"""An index of job and workflow runs by start time, so that reading a page of the latest runs reads no other rows."""

from glue_local.store import kinds

INDEX = "runs_by_start"
CONDITION = f"kind IN ('{kinds.JOB_RUN}', '{kinds.WORKFLOW_RUN}')"
"""The condition of the index. A query must repeat it, or SQLite does not use the index."""

PARENT = "substr(key, 1, instr(key, char(31)) - 1)"
"""The first part of the key: the name of the job or workflow."""

STARTED = "json_extract(document, '$.StartedOn')"

SCHEMA = f"""
CREATE INDEX IF NOT EXISTS {INDEX} ON documents (account, region, kind, {PARENT}, {STARTED}, key) WHERE {CONDITION};
"""
