"""Triggers fire exactly once, wherever the server dies: at any SQL statement in this process, or as a killed process."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from glue_local import runs, work
from glue_local.core.ids import Ids
from glue_local.orchestrate.loop import advance
from glue_local.orchestrate.triggers import store_trigger
from glue_local.store import Document, Store

NOON = 1_772_452_800.0  # 2026-03-02 12:00 UTC


class Killed(BaseException):
    """Simulates a killed process."""


class KillableStore:
    """A store whose statements fail from the n-th on, as if the process was killed; ``restart`` lets them succeed again."""

    def __init__(self, store: Store) -> None:
        self.store, self.now, self.ids = store, NOON, Ids(seed=1)
        self.documents = store.scope("1", "r")
        self._execute = store.execute

    def die_at(self, statement: int) -> None:
        left = iter(range(statement))

        def execute(sql: str, parameters: Any = ()) -> Any:
            if next(left, None) is None:
                raise Killed
            return self._execute(sql, parameters)

        self.store.execute = execute  # type: ignore[method-assign]

    def restart(self) -> None:
        self.store.execute = self._execute  # type: ignore[method-assign]

    def trigger(self, name: str, kind: str, **members: Any) -> None:
        store_trigger(self, self.documents, {"Name": name, "Type": kind, "State": "ACTIVATED", **members})

    def runs(self, job: str) -> list[Document]:
        return [run for _, run in self.documents.scan("job_run", job)]


def new_store() -> KillableStore:
    made = KillableStore(Store.open(":memory:"))
    for job in ("a", "b"):
        definition = {"Name": job, "Command": {"Name": "glueetl"}, "MaxRetries": 0, "GlueVersion": "5.0"}
        made.documents.write("job", job, doc={**definition, "ExecutionProperty": {"MaxConcurrentRuns": 5}})
    made.trigger("s", "SCHEDULED", Schedule="cron(0 * * * ? *)", Actions=[{"JobName": "a"}])
    condition = {"JobName": "a", "State": "SUCCEEDED"}
    made.trigger("c", "CONDITIONAL", Predicate={"Conditions": [condition]}, Actions=[{"JobName": "b"}])
    return made


def kill_everywhere(prepare: Callable[[], KillableStore], act: Callable[[KillableStore], object]) -> int:
    """Kill ``act`` at its first statement, at its second and so on, and repeat it each time; return the number of kills."""
    for statement in range(1000):
        made = prepare()
        made.die_at(statement)
        try:
            act(made)
            return statement
        except Killed:
            made.restart()
            act(made)
            advance(made)
            check_once(made)
        finally:
            made.restart()
            made.store.close()
    raise AssertionError("not complete after 1000 statements")


def check_once(made: KillableStore) -> None:
    """Check that every run was started exactly once."""
    assert [run["TriggerName"] for run in made.runs("a")] == ["s"]
    ended = made.runs("a")[0]["JobRunState"] == "SUCCEEDED"
    assert [run["TriggerName"] for run in made.runs("b")] == (["c"] if ended else [])


def test_a_schedule_fires_once_wherever_the_server_dies() -> None:
    def due() -> KillableStore:
        made = new_store()
        made.now = NOON + 3600
        return made

    assert kill_everywhere(due, advance) > 10


def test_a_condition_fires_once_wherever_the_server_dies() -> None:
    def running() -> KillableStore:
        made = new_store()
        made.now = NOON + 3600
        advance(made)
        taken = work.claim(made, [runs.JOB_RUN], "w", {"glueetl"})
        assert taken is not None
        work.begun(made, runs.JOB_RUN, taken.work_id, taken.claim["claim"])
        return made

    def end(made: KillableStore) -> None:
        # The worker repeats its report until the server confirms it.
        for *_, held in made.store.in_state("claim", "held"):
            runs.finish(made, held["key"][-1], held["claim"], work.Ending("SUCCEEDED"), 1)
        advance(made)

    assert kill_everywhere(running, end) > 20


# A server that reads the time from a file.
_SERVER = """
import sys, time
from datetime import datetime, timezone
from pathlib import Path
from glue_local.server import Server
from glue_local.settings import Settings
data, clock = Path(sys.argv[1]), Path(sys.argv[2])
now = lambda: datetime.fromtimestamp(float(clock.read_text()), timezone.utc)
with Server(Settings(port=0, data_dir=data, children=()), clock=now) as server:
    print(server.port, flush=True)
    time.sleep(600)
"""


class Process:
    """A server process that is killed and started again on its data directory."""

    def __init__(self, folder: Path) -> None:
        self._data, self.clock = folder / "data", folder / "clock"
        self.set(NOON)

    def set(self, now: float) -> None:
        draft = self.clock.with_suffix(".new")
        draft.write_text(str(now))
        draft.replace(self.clock)

    def start(self) -> Any:
        """Start the server; return a client."""
        command = [sys.executable, "-c", _SERVER, str(self._data), str(self.clock)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        port = self._process.stdout.readline().strip()
        return boto3.client(
            "glue",
            endpoint_url=f"http://localhost:{port}",
            region_name="us-east-1",
            aws_access_key_id="000000000000",
            aws_secret_access_key="test",
        )

    def kill(self) -> None:
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture
def process(tmp_path: Path) -> Any:
    made = Process(tmp_path)
    yield made
    made.kill()


def test_a_killed_server_fires_each_time_once(process: Process) -> None:
    glue, chance = process.start(), random.Random(1)
    command = {"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"}
    glue.create_job(Name="j", Role="r", Command=command, ExecutionProperty={"MaxConcurrentRuns": 100})
    actions = [{"JobName": "j"}]
    glue.create_trigger(Name="t", Type="SCHEDULED", Schedule="cron(0 * * * ? *)", StartOnCreation=True, Actions=actions)
    for hour in (1, 2):
        # The loop checks the clock every second; the server is killed before, while or after it fires.
        process.set(NOON + 3600 * hour)
        time.sleep(chance.uniform(0, 1))
        process.kill()
        glue = process.start()
        end = time.monotonic() + 30
        while len(found := glue.get_job_runs(JobName="j")["JobRuns"]) < hour:
            assert time.monotonic() < end, f"{len(found)} runs after {hour} hours"
            time.sleep(0.1)
    time.sleep(1.2)
    started = [run["StartedOn"].timestamp() for run in glue.get_job_runs(JobName="j")["JobRuns"]]
    assert started == [NOON + 3600 * hour for hour in (2, 1)]
