"""Processes killed at random moments: the result is the same as without, and no run tells a lie."""

import os
import random
import signal
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.stack import Row, Stack, alive, descendants, wait_until

MINUTES, POINTS, SEED, START = 4, 120, 11, "2026-12-31T23:58:00+01:00"
FINISHED = {"SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR"}


def result(stack: Stack) -> dict[str, list[Row]]:
    return {name: sorted(stack.table(name), key=str) for name in ("events", "sites")}


def start_over(stack: Stack) -> None:
    """Empty the stack without starting its processes again."""
    urllib.request.urlopen(
        urllib.request.Request(f"http://localhost:{stack.port}/moto-api/reset", method="POST")
    ).close()
    stack.provision()


@contextmanager
def killing(pick: Callable[[], int | None], within: float, seed: int) -> Iterator[list[int]]:
    """Kill what ``pick`` names after a random pause of at most ``within`` seconds."""
    killed: list[int] = []

    def kill() -> None:
        time.sleep(random.Random(seed).uniform(0.2, within))
        pid = wait_until(pick, 90, "something to kill")
        os.kill(pid, signal.SIGKILL)
        killed.append(pid)

    thread = threading.Thread(target=kill)
    thread.start()
    yield killed
    thread.join()
    assert killed


@pytest.fixture(scope="module")
def undisturbed(stack: Stack) -> dict[str, list[Row]]:
    return run(stack)


def run(stack: Stack) -> dict[str, list[Row]]:
    stack.publish(MINUTES, POINTS, SEED, START)
    published = 0

    def delivered() -> bool:
        nonlocal published
        before, published = published, len(stack.raw_events())
        return published >= MINUTES * POINTS and published == before

    wait_until(delivered, 60, "delivery of every event")
    stack.execute()
    return result(stack)


def is_running(stack: Stack, job: str = "repartition") -> bool:
    """Tell whether the job is RUNNING at this moment."""
    runs = stack.client("glue").get_job_runs(JobName=job)["JobRuns"]
    return any(job_run["JobRunState"] == "RUNNING" for job_run in runs)


def driver_of(stack: Stack, worker: int) -> int | None:
    """Return the process in which a run has begun; the others of the worker are warming up."""
    begun = [str(mark.parent) for mark in (stack.data_dir / "runs").glob("*/prepared")]
    for pid in descendants(worker) if is_running(stack) else []:
        command = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        if "glue_local.worker.driver" in command and command[command.index("glue_local.worker.driver") + 1] in begun:
            return pid
    return None


def test_delivery_killed_while_events_arrive(stack: Stack, undisturbed: dict[str, list[Row]]) -> None:
    start_over(stack)
    with killing(lambda: stack.children().get("delivery"), 2.0, 1):
        assert run(stack) == undisturbed


def test_worker_killed_while_a_job_runs(stack: Stack, undisturbed: dict[str, list[Row]]) -> None:
    start_over(stack)
    worker = stack.children()["worker"]
    below = descendants(worker)
    with killing(lambda: worker if is_running(stack) else None, 3.0, 2):
        assert run(stack) == undisturbed
    assert not any(map(alive, below)), "what the worker had started ended with it"


def test_driver_killed_while_a_job_runs(stack: Stack, undisturbed: dict[str, list[Row]]) -> None:
    start_over(stack)
    worker = stack.children()["worker"]
    with killing(lambda: driver_of(stack, worker), 3.0, 3):
        assert run(stack) == undisturbed


def test_server_killed_while_a_job_runs(stack: Stack, undisturbed: dict[str, list[Row]]) -> None:
    start_over(stack)
    server = stack.server_pid()
    everything = [server, *descendants(server)]
    # Late, when the catalog that survives points at events that do not.
    with killing(lambda: server if is_running(stack, "aggregate") else None, 1.0, 4):
        stack.publish(MINUTES, POINTS, SEED, START)
        time.sleep(3)
        assert stack.execute(check=False).returncode != 0
    wait_until(lambda: not any(map(alive, everything)), 20, "the worker and its drivers to follow the server")
    stack.up()
    stack.provision()
    glue = stack.client("glue")
    states = {
        job_run["JobRunState"]
        for job in ("load_points", "repartition", "aggregate", "check_quality")
        for job_run in glue.get_job_runs(JobName=job)["JobRuns"]
    }
    assert states <= FINISHED, "no run claims to be alive"
    interrupted = glue.get_job_runs(JobName="aggregate")["JobRuns"][0]
    assert interrupted["JobRunState"] == "FAILED"
    assert interrupted["ErrorMessage"]
    assert run(stack) == undisturbed
