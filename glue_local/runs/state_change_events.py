"""The events "Glue Job State Change" of job runs.

https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html
"""

from glue_local.outbox import emit
from glue_local.runs.states import FAILED, STOPPED, SUCCEEDED, TIMEOUT
from glue_local.store import Document, Documents
from glue_local.work import Context

# The states for which AWS sends an event, with its severity and message.
_SENT = {
    SUCCEEDED: ("INFO", "Job run succeeded"),
    FAILED: ("ERROR", "JobName:{JobName} and JobRunId:{Id} failed to execute with exception {ErrorMessage}"),
    TIMEOUT: ("WARN", "Job run timed out"),
    STOPPED: ("INFO", "Job run stopped"),
}


def emit_state_change(ctx: Context, documents: Documents, run: Document) -> None:
    """Emit the event of a run, or of one attempt of it, that has ended. AWS sends none for the state ERROR."""
    state = run["JobRunState"]
    if state not in _SENT:
        return
    severity, message = _SENT[state]
    detail = {
        "jobName": run["JobName"],
        "severity": severity,
        "state": state,
        "jobRunId": run["Id"],
        "message": message.format(**{"ErrorMessage": "", **run}).rstrip(),
    }
    emit(documents, ctx.ids, ctx.now, "Glue Job State Change", detail)
