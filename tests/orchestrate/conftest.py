"""A server with a clock that the test sets, and functions with which the test acts as its worker."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from glue_local import runs, work
from glue_local.orchestrate.loop import advance
from glue_local.server import Server
from glue_local.settings import Settings

START = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
COMMANDS = ("glueetl", "pythonshell")


class Clock:
    """A clock that the test sets."""

    now = START

    def __call__(self) -> datetime:
        return self.now


@dataclass
class World:
    """A server with its clock and a client; its methods act as the worker."""

    server: Server
    clock: Clock
    glue: Any
    claimed: work.Claimed | None = None

    def job(self, *names: str, **definition: Any) -> None:
        """Create jobs that allow many concurrent runs."""
        many = {"ExecutionProperty": {"MaxConcurrentRuns": 1000}}
        command = {"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"}
        for name in names:
            self.glue.create_job(**{"Name": name, "Role": "r", "Command": command, **many, **definition})

    def set(self, now: datetime | str) -> float | None:
        """Set the clock and process what is due; return the time of the next timer."""
        self.clock.now = datetime.fromisoformat(now).replace(tzinfo=timezone.utc) if isinstance(now, str) else now
        return advance(self.server.private)

    def pass_time(self, **duration: float) -> float | None:
        """Advance the clock in one step; takes ``timedelta``'s arguments."""
        return self.set(self.clock.now + timedelta(**duration))

    def follow_timers(self, until: datetime | str) -> None:
        """Advance the clock to ``until``, stopping at each timer as the server's loop does."""
        end = datetime.fromisoformat(until).replace(tzinfo=timezone.utc) if isinstance(until, str) else until
        following = advance(self.server.private)
        while following is not None and following <= end.timestamp():
            following = self.set(datetime.fromtimestamp(following, timezone.utc))
        self.set(end)

    def settle(self) -> None:
        """Process what is due without advancing the clock."""
        advance(self.server.private)

    def claim(self, only: str | None = None) -> work.Claimed | None:
        """Claim the oldest run, or the run with the id ``only``, and start it."""
        self.claimed = work.claim(self.server.private, [runs.JOB_RUN], "w", COMMANDS, only)
        if self.claimed is not None:
            work.begun(self.server.private, runs.JOB_RUN, self.claimed.work_id, self.claimed.claim["claim"])
        return self.claimed

    def finish_claimed(self, state: str) -> None:
        """End the claimed run."""
        assert self.claimed is not None
        private, documents, run_id = self.server.private, self.claimed.documents, self.claimed.work_id
        if state == "STOPPED":
            run = documents.read("job_run", self.claimed.document["JobName"], run_id)
            runs.stop(private, documents, run or {})
        runs.finish(private, run_id, self.claimed.claim["claim"], work.Ending(state), 1)
        self.settle()

    def end_next(self, outcomes: Mapping[str, str] | str = "SUCCEEDED") -> str | None:
        """Claim the oldest run and end it in a state, which may depend on the job; return its job, or None without a run."""
        return self.end(None, outcomes)

    def end(self, run_id: str | None, outcomes: Mapping[str, str] | str) -> str | None:
        """Claim and end the run with an id, as ``end_next`` does."""
        taken = self.claim(run_id)
        if taken is None:
            return None
        name = str(taken.document["JobName"])
        self.finish_claimed(outcomes if isinstance(outcomes, str) else outcomes[name])
        return name

    def end_all(self, outcomes: Mapping[str, str] | str = "SUCCEEDED") -> list[str]:
        """End all runs, including those that they start; return their jobs in the order in which they ended."""
        return [name for name in iter(lambda: self.end_next(outcomes), None)]

    def runs(self, job: str) -> list[dict[str, Any]]:
        """Return the runs of a job, the latest first."""
        pages = self.glue.get_paginator("get_job_runs").paginate(JobName=job)
        return [run for page in pages for run in page["JobRuns"]]

    def starts(self, job: str) -> list[str]:
        """Return when the runs of a job started, in UTC, the earliest first."""
        started = [run["StartedOn"].astimezone(timezone.utc) for run in self.runs(job)]
        return [f"{instant:%Y-%m-%d %H:%M}" for instant in reversed(started)]


def client(server: Server, account: str = "000000000000") -> Any:
    return boto3.client(
        "glue",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id=account,
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    clock = Clock()
    with Server(Settings(port=0, data_dir=tmp_path / "data", children=()), clock=clock) as server:
        # The test takes the place of the server's loop, so that nothing happens between its steps.
        server.schedule.__exit__(None, None, None)
        yield World(server, clock, client(server))
