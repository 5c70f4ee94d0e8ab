"""The states of a JobRun and the legal moves between them.

Names and meanings are AWS's: https://docs.aws.amazon.com/glue/latest/dg/job-run-statuses.html
"""

from glue_local.work import States

WAITING = "WAITING"
STARTING = "STARTING"
RUNNING = "RUNNING"
STOPPING = "STOPPING"
STOPPED = "STOPPED"
SUCCEEDED = "SUCCEEDED"
FAILED = "FAILED"
TIMEOUT = "TIMEOUT"
ERROR = "ERROR"

STATES = States(
    # FAILED and ERROR immediately: a trigger fired while the job was busy, or after it was deleted.
    first=(STARTING, WAITING, FAILED, ERROR),
    moves={
        # Until MaxConcurrentRuns of its job allows it to start. FAILED if the job is deleted meanwhile.
        WAITING: (STARTING, STOPPED, FAILED),
        # A worker may claim it. STOPPED immediately if none has; FAILED if its process cannot be started.
        STARTING: (RUNNING, STOPPING, STOPPED, FAILED),
        RUNNING: (STOPPING, SUCCEEDED, FAILED, TIMEOUT),
        # The script may end by itself before its worker learns of the stop.
        STOPPING: (STOPPED, SUCCEEDED, FAILED, TIMEOUT),
        STOPPED: (),
        SUCCEEDED: (),
        FAILED: (),
        TIMEOUT: (),
        ERROR: (),
    },
)

ACTIVE = (STARTING, RUNNING, STOPPING)
"""The states that MaxConcurrentRuns counts."""
