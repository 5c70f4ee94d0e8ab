"""Job runs as a kind of work: how they start, stop and end, and what happens afterwards."""

from typing import Any

from glue_local.core.faults import ConcurrentRunsExceeded
from glue_local.runs.attempts import attempt_id
from glue_local.runs.delay_events import forget_delays
from glue_local.runs.endings import is_stopped, report_end
from glue_local.runs.state_change_events import emit_state_change
from glue_local.runs.states import (
    ACTIVE,
    FAILED,
    RUNNING,
    STARTING,
    STATES,
    STOPPED,
    STOPPING,
    WAITING,
)
from glue_local.store import Document, Documents, Key, kinds
from glue_local.work import Context, Ending, Kind, end, enqueue, is_claimed, move
from glue_local.work import finish as finish_work

# AWS documents no limit for ErrorMessage. With this one a JobRun fits into the Cause of a Step Functions failure (32 768
# characters, six for each that JSON escapes), so that a state machine can parse it with States.StringToJson.
_LONGEST_MESSAGE = 4096
_CUT = " … (truncated: the error log has the whole message)"
_OF_ONE_ATTEMPT = ("CompletedOn", "ErrorMessage", "DPUSeconds")


def start(ctx: Context, documents: Documents, job: Document, run: Document) -> None:
    """Store a new run of a job: STARTING, or WAITING if MaxConcurrentRuns is reached and queuing is on.

    Raises ConcurrentRunsExceeded if the limit is reached and queuing is off.
    """
    if _free_slots(documents, job):
        enqueue(ctx, JOB_RUN, documents, run)
    elif run.get("JobRunQueuingEnabled"):
        # AWS documents that StateDetail has this reason, but not its text.
        # https://docs.aws.amazon.com/glue/latest/dg/job-run-statuses.html
        name, most = job["Name"], job["ExecutionProperty"]["MaxConcurrentRuns"]
        reason = f"Max concurrent job runs per job exceeded: {name} has MaxConcurrentRuns {most}"
        enqueue(ctx, JOB_RUN, documents, run, Ending(WAITING, reason))
    else:
        raise ConcurrentRunsExceeded(f"Concurrent runs exceeded for {job['Name']}")


def refuse(ctx: Context, documents: Documents, run: Document, ending: Ending) -> None:
    """Store a run that a trigger could not start, in its final state, FAILED or ERROR."""
    with ctx.store.transaction():
        enqueue(ctx, JOB_RUN, documents, run, ending)
        emit_state_change(ctx, documents, run)
        report_end(documents, run)


def stop(ctx: Context, documents: Documents, run: Document) -> None:
    """Stop a run: STOPPING until its worker has stopped it, or STOPPED immediately if it has no worker.

    Raises Conflict if the run has ended.
    """
    if not is_claimed(documents, run["Id"]):
        end(ctx, JOB_RUN, documents, run, Ending(STOPPED))
    elif run["JobRunState"] != STOPPING:
        move(ctx, JOB_RUN, documents, run, Ending(STOPPING))


def finish(ctx: Context, run_id: str, claim: str, ending: Ending, seconds: int) -> str:
    """End a claimed run, with its execution time; return its state. Raises Conflict for a lost claim or an illegal move."""
    return finish_work(ctx, JOB_RUN, run_id, claim, ending, {"ExecutionTime": seconds})


def release_waiting(ctx: Context, documents: Documents, job_name: str) -> None:
    """Start waiting runs of a job, oldest first, while MaxConcurrentRuns allows it. Call it when a run may have ended."""
    waiting = sorted(documents.in_state(kinds.JOB_RUN, WAITING, job_name), key=_queued_at)
    if not waiting:
        return
    job = documents.read(kinds.JOB, job_name)
    if job is None:
        for run in waiting:
            move(ctx, JOB_RUN, documents, run, _job_deleted(job_name))
            emit_state_change(ctx, documents, run)
            report_end(documents, run)
        return
    for run in waiting[: _free_slots(documents, job)]:
        move(ctx, JOB_RUN, documents, run, Ending(STARTING))


def _free_slots(documents: Documents, job: Document) -> int:
    """Return how many more runs MaxConcurrentRuns allows now; 0 if the limit was lowered below the number of active runs."""
    active = sum(documents.count_in_state(kinds.JOB_RUN, state, job["Name"]) for state in ACTIVE)
    return int(max(job["ExecutionProperty"]["MaxConcurrentRuns"] - active, 0))


def _show(run: Document, to: Ending, now: float) -> None:
    run |= {"JobRunState": to.state, "LastModifiedOn": now}
    run.pop("StateDetail", None)
    if to.state == WAITING:
        run["StateDetail"] = to.message
    elif to.message:
        run["ErrorMessage"] = _bounded(to.message)
    if STATES.is_final(to.state):
        run["CompletedOn"] = now
        if run.get("ExecutionClass") == "FLEX" or run["Arguments"].get("--enable-auto-scaling") == "true":
            # AWS returns this member only for these runs: the seconds of the executors times the DPUs of their workers.
            run["DPUSeconds"] = float(run["ExecutionTime"] * run["MaxCapacity"])


def _bounded(message: str) -> str:
    return message if len(message) <= _LONGEST_MESSAGE else message[: _LONGEST_MESSAGE - len(_CUT)] + _CUT


def _needs(documents: Documents, run: Document) -> str | Ending:
    job = documents.read(kinds.JOB, run["JobName"])
    return _job_deleted(run["JobName"]) if job is None else str(job["Command"]["Name"])


def _job_deleted(job_name: str) -> Ending:
    return Ending(FAILED, f"The job {job_name} was deleted before the run began.")


def _lost(run: Document, state: str, held: Document, reason: str) -> Ending | None:
    if state == STARTING:
        # Nothing was executed yet, so another worker can claim it.
        return None
    run["ExecutionTime"] = int(held["heartbeat"] - held["claimed"])
    return Ending(STOPPED) if state == STOPPING else Ending(FAILED, reason)


def _ended(ctx: Context, documents: Documents, run: Document) -> None:
    emit_state_change(ctx, documents, run)
    forget_delays(documents, run)
    if run["JobRunState"] != FAILED or not _retry(ctx, documents, run):
        report_end(documents, run)
    release_waiting(ctx, documents, run["JobName"])


def _retry(ctx: Context, documents: Documents, run: Document) -> bool:
    job = documents.read(kinds.JOB, run["JobName"])
    if job is None or run["Attempt"] >= job["MaxRetries"] or is_stopped(documents, run):
        return False
    attempt = run["Attempt"] + 1
    again: dict[str, Any] = {
        **{member: value for member, value in run.items() if member not in _OF_ONE_ATTEMPT},
        "Id": attempt_id(run["Id"], attempt),
        "Attempt": attempt,
        "PreviousRunId": run["Id"],
        "StartedOn": ctx.now,
        "ExecutionTime": 0,
    }
    # Always STARTING: it takes over the slot of the failed attempt.
    enqueue(ctx, JOB_RUN, documents, again)
    return True


def _key(run: Document) -> Key:
    return run["JobName"], run["Id"]


def _queued_at(run: Document) -> float:
    return float(run["StartedOn"])


JOB_RUN = Kind(
    document=kinds.JOB_RUN,
    noun="job run",
    states=STATES,
    queued=STARTING,
    running=RUNNING,
    stopping=frozenset({STOPPING}),
    key=_key,
    queued_at=_queued_at,
    show=_show,
    needs=_needs,
    lost=_lost,
    ended=_ended,
)
