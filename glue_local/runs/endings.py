"""Report the end of runs that triggers started, in the transaction that ends them, to the triggers that wait for it."""

from glue_local.runs.attempts import first_attempt
from glue_local.store import Document, Documents, kinds

NEW = "new"
"""The state of a report that has not been processed."""


def report_end(documents: Documents, run: Document) -> None:
    """Report the final state of a run, if a trigger started it. Do not call this for an attempt that will be retried."""
    report(documents, kinds.JOB, run["JobName"], first_attempt(run["Id"]), run["JobRunState"])


def report(documents: Documents, kind: str, name: str, run_id: str, state: str) -> None:
    """Report the final state of a run of a job or crawler (``kind``), if a trigger started it."""
    if documents.read(kinds.STARTED_BY, run_id) is not None:
        ended = {"Kind": kind, "Name": name, "Id": run_id, "State": state}
        documents.write(kinds.ENDED, kind, run_id, doc=ended, state=NEW)


def is_stopped(documents: Documents, run: Document) -> bool:
    """Return whether the workflow run that started a run was stopped, so that the run is not retried."""
    return "Stopped" in (documents.read(kinds.STARTED_BY, first_attempt(run["Id"])) or {})
