"""Job runs that start, stop, end and lose their worker, without a server."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from glue_local import runs, work
from glue_local.core.faults import ConcurrentRunsExceeded, Conflict
from glue_local.core.ids import Ids
from glue_local.runs.older_claims import rewrite_claims
from glue_local.store import Document, Documents, Store


@dataclass
class Clerk:
    """The context of a test."""

    store: Store
    now: float = 1.0
    ids: Ids = field(default_factory=lambda: Ids(seed=1))

    @property
    def documents(self) -> Documents:
        return self.store.scope("1", "r")

    def start(self, run_id: str, **members: Any) -> Document:
        run = {"Id": run_id, "JobName": "j", "Attempt": 0, "StartedOn": self.now, "ExecutionTime": 0, "Arguments": {}}
        runs.start(self, self.documents, self.documents.read("job", "j") or {}, {**run, **members})
        return self.run(run_id)

    def run(self, run_id: str) -> Document:
        return self.documents.read("job_run", "j", run_id) or {}

    def claim(self, *, begin: bool = True) -> tuple[str, str]:
        """Claim the oldest run; return its id and its claim."""
        taken = work.claim(self, [runs.JOB_RUN], "w", {"glueetl"})
        assert taken is not None
        run_id, claim = taken.document["Id"], taken.claim["claim"]
        if begin:
            work.begun(self, runs.JOB_RUN, run_id, claim)
        return run_id, claim

    def states(self) -> dict[str, str]:
        return {key[-1]: run["JobRunState"] for key, run in self.documents.scan("job_run", "j")}


@pytest.fixture
def clerk() -> Iterator[Clerk]:
    store = Store.open(":memory:")
    job = {"Name": "j", "Command": {"Name": "glueetl"}, "MaxRetries": 1, "ExecutionProperty": {"MaxConcurrentRuns": 1}}
    store.scope("1", "r").write("job", "j", doc=job)
    yield Clerk(store)
    store.close()


def test_a_run_starts_waits_or_is_refused(clerk: Clerk) -> None:
    assert clerk.start("first")["JobRunState"] == "STARTING"
    waiting = clerk.start("second", JobRunQueuingEnabled=True)
    assert (waiting["JobRunState"], "MaxConcurrentRuns 1" in waiting["StateDetail"]) == ("WAITING", True)
    with pytest.raises(ConcurrentRunsExceeded, match="Concurrent runs exceeded for j"):
        clerk.start("third")


@pytest.mark.parametrize(("begin", "state"), [(None, "STOPPED"), (False, "STOPPING"), (True, "STOPPING")])
def test_a_stop_waits_for_the_worker_if_there_is_one(clerk: Clerk, begin: bool | None, state: str) -> None:
    clerk.start("jr")
    if begin is not None:
        clerk.claim(begin=begin)
    for _ in range(2 if state == "STOPPING" else 1):
        runs.stop(clerk, clerk.documents, clerk.run("jr"))
    assert clerk.run("jr")["JobRunState"] == state
    assert ("CompletedOn" in clerk.run("jr")) is (state == "STOPPED")


def test_an_ended_run_cannot_be_stopped_or_ended_again(clerk: Clerk) -> None:
    clerk.start("jr")
    run_id, claim = clerk.claim()
    runs.finish(clerk, run_id, claim, work.Ending("SUCCEEDED"), 3)
    with pytest.raises(Conflict, match="job run jr is SUCCEEDED and cannot become STOPPED"):
        runs.stop(clerk, clerk.documents, clerk.run("jr"))
    with pytest.raises(Conflict, match="the claim on job run jr is no longer valid"):
        runs.finish(clerk, run_id, claim, work.Ending("FAILED"), 3)


def test_a_run_that_has_not_started_cannot_succeed(clerk: Clerk) -> None:
    clerk.start("jr")
    run_id, claim = clerk.claim(begin=False)
    with pytest.raises(Conflict, match="job run jr is STARTING and cannot become SUCCEEDED, only RUNNING or "):
        runs.finish(clerk, run_id, claim, work.Ending("SUCCEEDED"), 0)


def test_a_retry_has_priority_over_a_waiting_run(clerk: Clerk) -> None:
    clerk.start("jr")
    clerk.start("waiting", JobRunQueuingEnabled=True)
    for expected in ("jr", "jr_attempt_1"):
        clerk.now += 1
        run_id, claim = clerk.claim()
        assert run_id == expected
        runs.finish(clerk, run_id, claim, work.Ending("FAILED", "no"), 3)
    assert clerk.states() == {"jr": "FAILED", "jr_attempt_1": "FAILED", "waiting": "STARTING"}
    again = clerk.run("jr_attempt_1")
    assert (again["PreviousRunId"], again["StartedOn"], again["Attempt"]) == ("jr", 2.0, 1)
    assert "StateDetail" not in clerk.run("waiting")


@pytest.mark.parametrize(
    ("begin", "stopped", "state", "message"),
    [
        (False, False, "STARTING", None),
        (True, False, "FAILED", "The worker of this job run died."),
        (True, True, "STOPPED", None),
    ],
)
def test_a_lost_worker_ends_a_started_run(
    clerk: Clerk, begin: bool, stopped: bool, state: str, message: str | None
) -> None:
    clerk.start("jr")
    clerk.claim(begin=begin)
    if stopped:
        runs.stop(clerk, clerk.documents, clerk.run("jr"))
    work.end_claims_of(clerk, [runs.JOB_RUN], "w", "The worker of this {noun} died.")
    assert (clerk.run("jr")["JobRunState"], clerk.run("jr").get("ErrorMessage")) == (state, message)


def test_a_claim_of_an_older_version_is_converted(clerk: Clerk) -> None:
    clerk.start("jr")
    work.move(clerk, runs.JOB_RUN, clerk.documents, clerk.run("jr"), work.Ending("RUNNING"))
    held = {"claim": "c", "run_token": "t", "worker": "w", "job": "j", "claimed": 1.0, "heartbeat": 3.0}
    clerk.documents.write("claim", "jr", doc=held, state="held")
    rewrite_claims(clerk.store)
    assert work.claimed_for(clerk, runs.JOB_RUN, "jr", "t") is not None
    assert work.claimed_for(clerk, runs.JOB_RUN, "jr", "") is None
    assert work.end_claims_of(clerk, [runs.JOB_RUN], "w", "The worker died.") == 1
    assert clerk.run("jr")["ExecutionTime"] == 2
