"""The ids of the attempts of one run: ``jr_…``, then ``jr_…_attempt_1`` and so on."""

from collections.abc import Iterator
from itertools import count

from glue_local.store import Document, Documents, kinds

_SUFFIX = "_attempt_"


def first_attempt(run_id: str) -> str:
    """Return the id of the first attempt of a run."""
    return run_id.partition(_SUFFIX)[0]


def attempt_id(run_id: str, attempt: int) -> str:
    """Return the id of the n-th attempt; the first is number 0."""
    return f"{first_attempt(run_id)}{_SUFFIX}{attempt}" if attempt else first_attempt(run_id)


def attempts(documents: Documents, job_name: str, run_id: str) -> Iterator[Document]:
    """Yield the JobRuns of all attempts of a run, the first one first."""
    for attempt in count():
        run = documents.read(kinds.JOB_RUN, job_name, attempt_id(run_id, attempt))
        if run is None:
            return
        yield run
