"""The events "Glue Job Run Status" of job runs that take longer than their NotifyDelayAfter.

AWS sends one for each of the states STARTING, RUNNING and STOPPING in which the threshold is exceeded.
https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html
"""

from datetime import datetime, timezone

from glue_local.outbox import emit
from glue_local.runs.states import ACTIVE
from glue_local.store import Document, Documents, kinds
from glue_local.work import Context


def emit_delays(ctx: Context) -> None:
    """Emit the events of all runs that exceed their threshold now, each once."""
    for state in ACTIVE:
        for account, region, key, run in ctx.store.in_state(kinds.JOB_RUN, state):
            minutes = run.get("NotificationProperty", {}).get("NotifyDelayAfter")
            if minutes is not None and ctx.now - run["StartedOn"] > minutes * 60:
                documents = ctx.store.scope(account, region)
                with ctx.store.transaction():
                    # It may have ended since it was read.
                    if documents.state(kinds.JOB_RUN, *key) == state:
                        _emit(ctx, documents, run)


def forget_delays(documents: Documents, run: Document) -> None:
    """Delete what was remembered of a run that has ended."""
    documents.remove_under(kinds.DELAYED, run["Id"])


def _emit(ctx: Context, documents: Documents, run: Document) -> None:
    state = run["JobRunState"]
    if not documents.insert(kinds.DELAYED, run["Id"], state, doc={}):
        return
    started = datetime.fromtimestamp(run["StartedOn"], timezone.utc)
    detail = {
        "jobName": run["JobName"],
        "severity": "INFO",
        "notificationCondition": {"NotifyDelayAfter": float(run["NotificationProperty"]["NotifyDelayAfter"])},
        "state": state,
        "jobRunId": run["Id"],
        "message": f"Job is in {state} state",
        "startedOn": f"{started:%Y-%m-%dT%H:%M:%SZ}",
    }
    emit(documents, ctx.ids, ctx.now, "Glue Job Run Status", detail)
