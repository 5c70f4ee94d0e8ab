"""The queue of a job: which of its runs count as active, and which waiting ones may start when one ends."""

from glue_local.store import kinds
from glue_local.store.documents import Document, Documents

ACTIVE = ("STARTING", "RUNNING", "STOPPING")
WAITING = "WAITING"


def write_run(documents: Documents, run: Document, now: float) -> None:
    """Store a JobRun under its state, for workers to find."""
    run["LastModifiedOn"] = now
    if run["JobRunState"] != WAITING:
        run.pop("StateDetail", None)
    documents.write(kinds.JOB_RUN, run["JobName"], run["Id"], doc=run, mark=run["JobRunState"])


def free_places(documents: Documents, job: Document) -> int:
    """Return how many more runs the job's MaxConcurrentRuns allows now; none is 0, and so is a limit that was lowered."""
    runs = documents.scan(kinds.JOB_RUN, job["Name"])
    active = sum(run["JobRunState"] in ACTIVE for _, run in runs)
    return int(max(job["ExecutionProperty"]["MaxConcurrentRuns"] - active, 0))


def release_waiting(documents: Documents, job_name: str, now: float) -> None:
    """Let waiting runs start where there is place, the oldest first; to be called when a place may have come free."""
    runs = (run for _, run in documents.scan(kinds.JOB_RUN, job_name))
    waiting = sorted((run for run in runs if run["JobRunState"] == WAITING), key=lambda run: run["StartedOn"])
    if not waiting:
        return
    job = documents.read(kinds.JOB, job_name)
    if job is None:
        reason = f"The job {job_name} was deleted before the run began."
        ended = {"JobRunState": "FAILED", "CompletedOn": now, "ErrorMessage": reason}
        for run in waiting:
            write_run(documents, {**run, **ended}, now)
        return
    for run in waiting[: free_places(documents, job)]:
        write_run(documents, {**run, "JobRunState": "STARTING"}, now)
