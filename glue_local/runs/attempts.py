"""The ids of the attempts of one run: ``jr_…``, then ``jr_…_attempt_1`` and so on."""

from collections.abc import Collection, Iterator
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


def attempts_of_all(documents: Documents, runs: Collection[tuple[str, str]]) -> dict[str, list[Document]]:
    """Return the JobRuns of all attempts of some runs (job, id), the first one first, by the id of the run.

    Reads the n-th attempts of all runs at once.
    """
    found: dict[str, list[Document]] = {run_id: [] for _, run_id in runs}
    attempt = 0
    while runs:
        those = documents.read_all(kinds.JOB_RUN, [(name, attempt_id(run_id, attempt)) for name, run_id in runs])
        for run in those:
            found[first_attempt(run["Id"])].append(run)
        runs = [(run["JobName"], first_attempt(run["Id"])) for run in those]
        attempt += 1
    return found
